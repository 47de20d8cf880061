-- What was recorded stays: the database itself refuses everything but `append`.
--
-- For the service by privileges, for the owner by triggers that fire always, whatever
-- session_replication_role says. A superuser can take them away; he is found out by the hash tree.

CREATE FUNCTION ledger.refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % on %.% is refused',
        TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
        HINT = 'A wrong entry is put right by a further entry.';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.event
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.command
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.commit
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.reservation
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.migration
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON ledger.stream
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER append_only BEFORE INSERT OR DELETE OR TRUNCATE ON ledger.head
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

ALTER TABLE ledger.event ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE ledger.command ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE ledger.commit ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE ledger.reservation ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE ledger.migration ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE ledger.stream ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE ledger.head ENABLE ALWAYS TRIGGER append_only;

-- The head says where the log ends. It can be moved to where it does end, and only forward.
CREATE FUNCTION ledger.follow_the_log() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.position <= OLD.position
        OR NEW.recorded_at IS NULL
        OR NEW.recorded_at <= OLD.recorded_at
        OR NEW.position <> (SELECT max(position) FROM ledger.event)
    THEN
        RAISE EXCEPTION 'the head follows the log: % is refused', NEW
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER follow_the_log BEFORE UPDATE ON ledger.head
FOR EACH ROW EXECUTE FUNCTION ledger.follow_the_log();
ALTER TABLE ledger.head ENABLE ALWAYS TRIGGER follow_the_log;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;

-- The service may read everything and append. Where one role does everything, it is the owner.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'socai_service') THEN
        GRANT USAGE ON SCHEMA ledger TO socai_service;
        GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO socai_service;
        GRANT EXECUTE ON FUNCTION ledger.append TO socai_service;
    END IF;
END
$$;
