-- Who follows the log with a cursor that is kept here: webhooks, and the relay to a broker.
--
-- consumer    one row each: how far it is, and whether it goes on
-- endpoint    where a webhook is sent, on whose behalf, and what of the log
-- delivery    every attempt to send an event to an endpoint
-- redelivery  single events that somebody wants to be sent once more
--
-- Nothing of it is a fact of the fund, and no secret stands in it: the secret of an endpoint follows
-- from a key outside the database, the endpoint's id and the generation (docs/decisions/0019).

CREATE SCHEMA feed;

CREATE TABLE feed.consumer (
    name       text        COLLATE "C" PRIMARY KEY
        CHECK (name ~ '^(webhook|nats)/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
    position   bigint      NOT NULL CHECK (position >= 0),
    state      text        COLLATE "C" NOT NULL
        CHECK (state IN ('PENDING', 'LIVE', 'PAUSED', 'PARKED', 'GONE')),
    failures   integer     NOT NULL DEFAULT 0,
    retry_at   timestamptz,
    error      text        CHECK (length(error) <= 500),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    moved_at   timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);  -- rewritten with every step: rows stay on their page

CREATE TABLE feed.endpoint (
    id          text        COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
    consumer    text        COLLATE "C" NOT NULL GENERATED ALWAYS AS ('webhook/' || id) STORED
        UNIQUE REFERENCES feed.consumer (name),
    principal   text        COLLATE "C" NOT NULL,
    url         text        NOT NULL CHECK (length(url) <= 2000),
    filter      jsonb       NOT NULL DEFAULT '{}',
    proofs      boolean     NOT NULL DEFAULT false,
    description text        NOT NULL DEFAULT '' CHECK (length(description) <= 500),
    generation  integer     NOT NULL DEFAULT 1 CHECK (generation > 0),
    rotated_at  timestamptz,
    granted_at  timestamptz,
    rate        integer     CHECK (rate > 0),
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    removed_at  timestamptz
);
CREATE INDEX endpoint_by_principal ON feed.endpoint (principal, id) WHERE removed_at IS NULL;

CREATE TABLE feed.delivery (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint      text        COLLATE "C" NOT NULL REFERENCES feed.endpoint (id),
    position      bigint      NOT NULL,
    attempt       integer     NOT NULL CHECK (attempt > 0),
    is_redelivery boolean     NOT NULL DEFAULT false,
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    ms            integer     NOT NULL CHECK (ms >= 0),
    status        smallint,
    error         text        CHECK (length(error) <= 500)
);
CREATE INDEX delivery_by_endpoint ON feed.delivery (endpoint, id);
CREATE INDEX delivery_by_position ON feed.delivery (endpoint, position, id);

CREATE TABLE feed.redelivery (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint text        COLLATE "C" NOT NULL REFERENCES feed.endpoint (id),
    position bigint      NOT NULL CHECK (position > 0),
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    asked_by text        NOT NULL CHECK (length(asked_by) <= 100),
    done_at  timestamptz
);
CREATE INDEX redelivery_by_endpoint ON feed.redelivery (endpoint, id) WHERE done_at IS NULL;

DO $$
BEGIN
    IF to_regrole('socai_service') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA feed TO socai_service;
        GRANT SELECT, INSERT, UPDATE ON feed.consumer, feed.endpoint, feed.redelivery
        TO socai_service;
        GRANT SELECT, INSERT, DELETE ON feed.delivery TO socai_service;
    END IF;
END
$$;
