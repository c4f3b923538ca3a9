"""The nouns: frozen, refusing nonsense; the only room that reads YAML."""
