-- The four layers, named as the shores are, and the house's own books.
CREATE SCHEMA raw;
CREATE SCHEMA clean;
CREATE SCHEMA anonymised;
CREATE SCHEMA released;

-- Which file each survey's rows came from. A copy of another source of the same survey (same_as) holds no rows.
CREATE TABLE house.sources (
    survey VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    read_as VARCHAR NOT NULL,
    same_as VARCHAR,
    PRIMARY KEY (survey, source)
);

-- Which key made the pseudonyms of a survey or scope: a fingerprint, to notice that another one was loaded.
CREATE TABLE house.key_fingerprints (
    purpose VARCHAR PRIMARY KEY,
    fingerprint VARCHAR NOT NULL
);

-- The end of the ledger as last seen here. One row.
CREATE TABLE house.ledger_anchor (
    one BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (one),
    n BIGINT NOT NULL,
    hash VARCHAR NOT NULL
);

-- The people who enter the published population together.
CREATE TABLE released.batches (
    survey VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    closed_on DATE NOT NULL,
    codebook_version INTEGER NOT NULL,
    codebook_hash VARCHAR NOT NULL,
    policy_hash VARCHAR NOT NULL,
    PRIMARY KEY (survey, number)
);

-- Noted before the folder appears, published once it has: a crash in between is settled at the next start by
-- looking whether the folder is there.
CREATE TABLE released.releases (
    survey VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    released_on DATE NOT NULL,
    population_hash VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL,
    published BOOLEAN NOT NULL,
    PRIMARY KEY (survey, number)
);

-- A release is a sum of batches.
CREATE TABLE released.release_batches (
    survey VARCHAR NOT NULL,
    release INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    PRIMARY KEY (survey, release, batch)
);

-- Cells exactly as displayed. Exact sums are never stored: minus the live rows they would be the answers of a
-- person who was erased.
CREATE TABLE released.cells (
    survey VARCHAR NOT NULL,
    release INTEGER NOT NULL,
    position INTEGER NOT NULL,
    "table" VARCHAR NOT NULL,
    row_var VARCHAR NOT NULL,
    "row" VARCHAR NOT NULL,
    col_var VARCHAR NOT NULL,
    col VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    value BIGINT,
    status VARCHAR NOT NULL CHECK (status IN ('shown', 'hidden')),
    CHECK ((status = 'hidden') = (value IS NULL)),
    PRIMARY KEY (survey, release, position)
);
