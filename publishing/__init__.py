"""The voice: what a release says, in every format, from displayed figures and declared words only.

:func:`publishing.release.build_release` turns a :class:`terms.release.ReleaseContent` into the files of one
release folder. No clock, no locale, no environment: equal content gives equal bytes on any machine.
"""
