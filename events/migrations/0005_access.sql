-- What the door needs beside the log: keys by their hashes, and the book of who was turned away.
--
-- What somebody may do is not here: mandates are events. Nobody but the owner makes or revokes a
-- key; the running service looks them up and notes when each was used last.

CREATE SCHEMA access;

CREATE TABLE access.key (
    id           text        COLLATE "C" PRIMARY KEY,
    sha256       bytea       NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
    principal    text        COLLATE "C" NOT NULL,
    scopes       text[]      COLLATE "C" NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by   text        NOT NULL,
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    revoked_by   text,
    CONSTRAINT key_is_revoked_by_somebody CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
    CONSTRAINT key_expires_after_it_began CHECK (expires_at > created_at)
);
CREATE INDEX key_by_principal ON access.key (principal);

CREATE TABLE access.attempt (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    principal text        NOT NULL CHECK (length(principal) <= 100),
    roles     text[]      NOT NULL,
    asked     text        NOT NULL CHECK (length(asked) <= 200),
    code      text        NOT NULL CHECK (length(code) <= 100)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.attempt
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
ALTER TABLE access.attempt ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON access.key
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
ALTER TABLE access.key ENABLE ALWAYS TRIGGER append_only;

DO $$
BEGIN
    IF to_regrole('socai_service') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA access TO socai_service;
        GRANT SELECT, INSERT ON access.attempt TO socai_service;
        GRANT SELECT, UPDATE (last_used_at) ON access.key TO socai_service;
    END IF;
END
$$;
