-- The seal: full subtrees of the hash tree, signed tree heads, and the brake that a signer pulls.
--
-- subtree      hashes of full subtrees of 256, 256^2 ... leaves; leaves are `ledger.event.leaf`
-- checkpoint   every tree head that was signed: what auditors keep and compare
-- cosignature  what witnesses put under a checkpoint
-- timestamp    what a time-stamping authority answered for a checkpoint (RFC 3161)
-- witness      what each witness answered last, and what it cosigned
-- signer       when the signer looked last, and at what
-- verification what came of hashing and folding everything again: every night, and at every start
-- halt         why nothing may be recorded, until the log is again what was signed
--
-- Rows here are believed by nobody: a checkpoint by its signature, a subtree by the root.

CREATE SCHEMA seal;

CREATE TABLE seal.subtree (
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
    index bigint   NOT NULL CHECK (index >= 0),
    hash  bytea    NOT NULL CHECK (octet_length(hash) = 32),
    CONSTRAINT subtree_pkey PRIMARY KEY (level, index)
);

CREATE TABLE seal.checkpoint (
    size      bigint      PRIMARY KEY CHECK (size > 0),
    root      bytea       NOT NULL CHECK (octet_length(root) = 32),
    note      text        COLLATE "C" NOT NULL,
    signed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE seal.cosignature (
    size        bigint      NOT NULL REFERENCES seal.checkpoint,
    witness     text        COLLATE "C" NOT NULL,
    line        text        COLLATE "C" NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT cosignature_pkey PRIMARY KEY (size, witness)
);

CREATE TABLE seal.timestamp (
    size        bigint      NOT NULL REFERENCES seal.checkpoint,
    authority   text        COLLATE "C" NOT NULL,
    token       bytea       NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT timestamp_pkey PRIMARY KEY (size, authority)
);

CREATE TABLE seal.witness (
    name        text        COLLATE "C" PRIMARY KEY,
    asked_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    size        bigint      NOT NULL DEFAULT 0,
    cosigned_at timestamptz,
    refusal     text,
    is_alarm    boolean     NOT NULL DEFAULT false
) WITH (fillfactor = 10);

CREATE TABLE seal.signer (
    is_only     boolean     PRIMARY KEY DEFAULT true CHECK (is_only),
    looked_at   timestamptz NOT NULL,
    signed_size bigint      NOT NULL
) WITH (fillfactor = 10);

CREATE TABLE seal.halt (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason      text        NOT NULL,
    stored_size bigint      NOT NULL,
    signed_size bigint      NOT NULL,
    lifted_at   timestamptz,
    lifted_for  text,
    CONSTRAINT halt_is_lifted_for_something CHECK ((lifted_at IS NULL) = (lifted_for IS NULL))
);
CREATE UNIQUE INDEX halt_is_one ON seal.halt ((true)) WHERE lifted_at IS NULL;

CREATE TABLE seal.verification (
    id      bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz      NOT NULL DEFAULT clock_timestamp(),
    events  bigint           NOT NULL,
    seconds double precision NOT NULL,
    found   text[]           NOT NULL
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON seal.subtree
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
ALTER TABLE seal.subtree ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON seal.checkpoint
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
ALTER TABLE seal.checkpoint ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON seal.cosignature
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
ALTER TABLE seal.cosignature ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON seal.timestamp
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
ALTER TABLE seal.timestamp ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON seal.verification
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
ALTER TABLE seal.verification ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON seal.halt
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
ALTER TABLE seal.halt ENABLE ALWAYS TRIGGER append_only;

-- Every append moves the head, so that this is the one place to stop them all.
CREATE FUNCTION seal.refuse_while_halted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    why text;
BEGIN
    SELECT halt.reason INTO why FROM seal.halt WHERE halt.lifted_at IS NULL;
    IF FOUND THEN
        RAISE EXCEPTION '%', why USING ERRCODE = 'SL001';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER not_halted BEFORE UPDATE ON ledger.head
FOR EACH STATEMENT EXECUTE FUNCTION seal.refuse_while_halted();
ALTER TABLE ledger.head ENABLE ALWAYS TRIGGER not_halted;

-- The hash of a full subtree: 2^level leaves, the index-th of its size (RFC 6962 §2.1).
-- What is kept is every eighth level; between them at most 255 hashes are computed.
CREATE FUNCTION seal.node(level integer, index bigint) RETURNS bytea
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    rest  CONSTANT integer := level % 8;
    first CONSTANT bigint := index << rest;
    count CONSTANT integer := 1 << rest;
    row bytea[];
BEGIN
    IF level < 8 THEN
        SELECT array_agg(found.leaf ORDER BY found.position) INTO row
        FROM ledger.event AS found
        WHERE found.position > first AND found.position <= first + count;
    ELSE
        SELECT array_agg(found.hash ORDER BY found.index) INTO row
        FROM seal.subtree AS found
        WHERE found.level = level / 8 AND found.index >= first AND found.index < first + count;
    END IF;
    IF coalesce(cardinality(row), 0) < count THEN
        RETURN NULL;
    END IF;
    WHILE cardinality(row) > 1 LOOP
        FOR place IN 1 .. cardinality(row) / 2 LOOP
            row[place] := sha256('\x01'::bytea || row[2 * place - 1] || row[2 * place]);
        END LOOP;
        row := row[1 : cardinality(row) / 2];
    END LOOP;
    RETURN row[1];
END
$$;

-- The hash over the leaves after `start`, up to and with `stop`; null if one is not there.
CREATE FUNCTION seal.span(start bigint, stop bigint) RETURNS bytea
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    level integer := 0;
    found bytea;
BEGIN
    IF stop <= start THEN
        RETURN sha256('\x'::bytea);
    END IF;
    WHILE (2::bigint << level) <= stop - start LOOP
        level := level + 1;
    END LOOP;
    found := seal.node(level, start >> level);
    IF start + (1::bigint << level) < stop THEN
        found := sha256('\x01'::bytea || found || seal.span(start + (1::bigint << level), stop));
    END IF;
    RETURN found;
END
$$;

-- The audit path of the event at a position in the tree of `size` events, from the leaf upwards.
CREATE FUNCTION seal.inclusion(place bigint, size bigint) RETURNS bytea[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    start  bigint := 0;
    stop   bigint := size;
    middle bigint;
    path   bytea[] := '{}';
BEGIN
    IF place < 1 OR place > size THEN
        RETURN NULL;
    END IF;
    WHILE stop - start > 1 LOOP
        middle := 1;
        WHILE middle * 2 < stop - start LOOP
            middle := middle * 2;
        END LOOP;
        middle := start + middle;
        IF place <= middle THEN
            path := seal.span(middle, stop) || path;
            stop := middle;
        ELSE
            path := seal.span(start, middle) || path;
            start := middle;
        END IF;
    END LOOP;
    RETURN path;
END
$$;

-- The proof that the tree of `new` events begins with that of `old`.
CREATE FUNCTION seal.consistency(old bigint, new bigint) RETURNS bytea[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    start  bigint := 0;
    stop   bigint := new;
    middle bigint;
    known  boolean := true;  -- the left edge so far is that of the old tree itself
    path   bytea[] := '{}';
BEGIN
    IF old < 1 OR old > new THEN
        RETURN NULL;
    END IF;
    WHILE old < stop LOOP
        middle := 1;
        WHILE middle * 2 < stop - start LOOP
            middle := middle * 2;
        END LOOP;
        middle := start + middle;
        IF old <= middle THEN
            path := seal.span(middle, stop) || path;
            stop := middle;
        ELSE
            path := seal.span(start, middle) || path;
            start := middle;
            known := false;
        END IF;
    END LOOP;
    IF NOT known THEN
        path := seal.span(start, stop) || path;
    END IF;
    RETURN path;
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA seal FROM PUBLIC;

DO $$
BEGIN
    IF to_regrole('socai_service') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA seal TO socai_service;
        GRANT SELECT ON ALL TABLES IN SCHEMA seal TO socai_service;
        GRANT INSERT (events, seconds, found) ON seal.verification TO socai_service;
        GRANT EXECUTE ON FUNCTION ledger.says, ledger.instant TO socai_service;
        GRANT EXECUTE ON FUNCTION seal.node, seal.span, seal.inclusion, seal.consistency
            TO socai_service;
    END IF;
    IF to_regrole('socai_signer') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA ledger, seal TO socai_signer;
        GRANT SELECT ON ledger.head, ledger.event TO socai_signer;
        GRANT SELECT ON ALL TABLES IN SCHEMA seal TO socai_signer;
        GRANT INSERT ON
            seal.subtree, seal.checkpoint, seal.cosignature, seal.timestamp TO socai_signer;
        GRANT INSERT, UPDATE (looked_at, signed_size) ON seal.signer TO socai_signer;
        GRANT INSERT, UPDATE (asked_at, size, cosigned_at, refusal, is_alarm)
            ON seal.witness TO socai_signer;
        GRANT EXECUTE ON FUNCTION seal.node, seal.span, seal.consistency TO socai_signer;
        GRANT INSERT (reason, stored_size, signed_size), UPDATE (lifted_at, lifted_for)
            ON seal.halt TO socai_signer;
    END IF;
END
$$;
