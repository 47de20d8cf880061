-- Whoever is given the right to write every table still writes none of these: `append` runs as their
-- owner, and nobody else is let in, not a member of pg_write_all_data and not a superuser either.

CREATE FUNCTION ledger.only_append() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'the log is written by ledger.append: % on %.% is refused',
            TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER only_append BEFORE INSERT OR UPDATE ON ledger.event
FOR EACH STATEMENT EXECUTE FUNCTION ledger.only_append();
CREATE TRIGGER only_append BEFORE INSERT OR UPDATE ON ledger.command
FOR EACH STATEMENT EXECUTE FUNCTION ledger.only_append();
CREATE TRIGGER only_append BEFORE INSERT OR UPDATE ON ledger.commit
FOR EACH STATEMENT EXECUTE FUNCTION ledger.only_append();
CREATE TRIGGER only_append BEFORE INSERT OR UPDATE ON ledger.reservation
FOR EACH STATEMENT EXECUTE FUNCTION ledger.only_append();
CREATE TRIGGER only_append BEFORE INSERT OR UPDATE ON ledger.stream
FOR EACH STATEMENT EXECUTE FUNCTION ledger.only_append();
CREATE TRIGGER only_append BEFORE INSERT OR UPDATE ON ledger.head
FOR EACH STATEMENT EXECUTE FUNCTION ledger.only_append();
CREATE TRIGGER only_append BEFORE INSERT OR UPDATE ON ledger.migration
FOR EACH STATEMENT EXECUTE FUNCTION ledger.only_append();

ALTER TABLE ledger.event ENABLE ALWAYS TRIGGER only_append;
ALTER TABLE ledger.command ENABLE ALWAYS TRIGGER only_append;
ALTER TABLE ledger.commit ENABLE ALWAYS TRIGGER only_append;
ALTER TABLE ledger.reservation ENABLE ALWAYS TRIGGER only_append;
ALTER TABLE ledger.stream ENABLE ALWAYS TRIGGER only_append;
ALTER TABLE ledger.head ENABLE ALWAYS TRIGGER only_append;
ALTER TABLE ledger.migration ENABLE ALWAYS TRIGGER only_append;

REVOKE ALL ON FUNCTION ledger.only_append() FROM PUBLIC;
