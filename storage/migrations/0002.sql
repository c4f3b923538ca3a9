-- People's rights. Nobody is named here: a mark is a keyed hash of a pseudonym, under a key for nothing else.

-- Whose answers may not be stored (erased) or not be used (withdrawn, objected). Expires: a mark kept for ever would
-- itself be data about a person.
CREATE TABLE house.marks (
    survey VARCHAR NOT NULL,
    mark VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('erased', 'withdrawn', 'objected')),
    since DATE NOT NULL,
    expires DATE NOT NULL,
    PRIMARY KEY (survey, mark, kind)
);

-- Requests, from the day they came in. The mark binds what is done to whom the operator identified.
CREATE TABLE house.requests (
    number INTEGER PRIMARY KEY,
    survey VARCHAR NOT NULL,
    declaration VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    received_on DATE NOT NULL,
    due_on DATE NOT NULL,
    state VARCHAR NOT NULL,
    mark VARCHAR,
    identified_by VARCHAR,
    proof VARCHAR,
    carried_out_by VARCHAR,
    ended_on DATE
);

-- What a person had put right. Laid over her rows each time their source is read again.
CREATE TABLE house.corrections (
    survey VARCHAR NOT NULL,
    respondent VARCHAR NOT NULL,
    "column" VARCHAR NOT NULL,
    code VARCHAR,
    PRIMARY KEY (survey, respondent, "column")
);

-- Who is in which published batch. Leaves stay for ever and prove the batch's commitment in the ledger; whose leaf it
-- is, and the salt that would tell, go with an erasure.
CREATE TABLE house.members (
    survey VARCHAR NOT NULL,
    batch INTEGER NOT NULL,
    leaf VARCHAR NOT NULL,
    respondent VARCHAR USING COMPRESSION uncompressed,
    salt VARCHAR USING COMPRESSION uncompressed,
    PRIMARY KEY (survey, batch, leaf)
);
