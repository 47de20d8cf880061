-- Many commands that stand or fall together, still in one call: the lock on the head is taken and
-- given back inside it, so no client can hold it across a round trip.
--
-- `waves` says of each event in which turn its command comes: commands of one wave do not touch each
-- other, and each finds what the waves before it wrote. The rest is as in ledger.append, which does
-- the work, with the rights of whoever calls. Is one command not recorded, none is: SQLSTATE SL002,
-- and the detail says which, and why.

CREATE FUNCTION ledger.append_together(
    waves            integer[],
    command_ids      uuid[],
    fingerprints     bytea[],
    streams          text[],
    versions         integer[],
    nths             integer[],
    parts            integer[],
    event_ids        uuid[],
    types            text[],
    effective_days   date[],
    budget_years     smallint[],
    bodies_before    bytea[],
    bodies_after     bytea[],
    guard_commands   uuid[],
    guard_streams    text[],
    guard_versions   integer[],
    key_commands     uuid[],
    keys             text[]
) RETURNS TABLE (
    place          bigint,
    first_position bigint,
    last_position  bigint,
    recorded_at    timestamptz
)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    places  integer[];  -- of the events of a wave
    own     uuid[];     -- its commands
    told    record;
BEGIN
    FOR turn IN 1 .. (SELECT max(each) FROM unnest(waves) AS each) LOOP
        places := ARRAY(
            SELECT each.place
            FROM unnest(waves) WITH ORDINALITY AS each (wave, place)
            WHERE each.wave = turn
            ORDER BY each.place
        );
        own := ARRAY(SELECT command_ids[p] FROM unnest(places) AS p);
        FOR told IN
            SELECT answered.*
            FROM ledger.append(
                own,
                ARRAY(SELECT fingerprints[p] FROM unnest(places) AS p),
                ARRAY(SELECT streams[p] FROM unnest(places) AS p),
                ARRAY(SELECT versions[p] FROM unnest(places) AS p),
                ARRAY(SELECT nths[p] FROM unnest(places) AS p),
                ARRAY(SELECT parts[p] FROM unnest(places) AS p),
                ARRAY(SELECT event_ids[p] FROM unnest(places) AS p),
                ARRAY(SELECT types[p] FROM unnest(places) AS p),
                ARRAY(SELECT effective_days[p] FROM unnest(places) AS p),
                ARRAY(SELECT budget_years[p] FROM unnest(places) AS p),
                ARRAY(SELECT bodies_before[p] FROM unnest(places) AS p),
                ARRAY(SELECT bodies_after[p] FROM unnest(places) AS p),
                ARRAY(SELECT c FROM unnest(guard_commands) AS c WHERE c = ANY (own)),
                ARRAY(
                    SELECT g.stream
                    FROM unnest(guard_commands, guard_streams) AS g (command, stream)
                    WHERE g.command = ANY (own)
                ),
                ARRAY(
                    SELECT g.version
                    FROM unnest(guard_commands, guard_versions) AS g (command, version)
                    WHERE g.command = ANY (own)
                ),
                ARRAY(SELECT c FROM unnest(key_commands) AS c WHERE c = ANY (own)),
                ARRAY(
                    SELECT k.key
                    FROM unnest(key_commands, keys) AS k (command, key)
                    WHERE k.command = ANY (own)
                )
            ) AS answered
        LOOP
            IF told.outcome <> 'recorded' THEN
                RAISE EXCEPTION 'not recorded together' USING
                    ERRCODE = 'SL002',
                    DETAIL = json_build_array(
                        places[told.place], told.outcome, told.subject, told.actual
                    );
            END IF;
            place := places[told.place];
            first_position := told.first_position;
            last_position := told.last_position;
            recorded_at := told.recorded_at;
            RETURN NEXT;
        END LOOP;
    END LOOP;
END
$$;

REVOKE ALL ON FUNCTION ledger.append_together FROM PUBLIC;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'socai_service') THEN
        GRANT EXECUTE ON FUNCTION ledger.append_together TO socai_service;
    END IF;
END
$$;
