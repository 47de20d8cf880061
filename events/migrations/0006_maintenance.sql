-- The tables are written by whoever `append` runs as, and no longer by whoever owns them: a superuser
-- gives the function to a role that nobody is (events/wall.py). Only migrations are the owner's.
CREATE OR REPLACE FUNCTION ledger.only_append() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    writer CONSTANT oid := CASE TG_TABLE_NAME
        WHEN 'migration' THEN (SELECT relowner FROM pg_class WHERE oid = TG_RELID)
        ELSE (
            SELECT proowner FROM pg_proc
            WHERE pronamespace = 'ledger'::regnamespace AND proname = 'append'
        )
    END;
BEGIN
    IF current_user IS DISTINCT FROM pg_get_userbyid(writer) THEN
        RAISE EXCEPTION 'the log is written by ledger.append: % on %.% is refused',
            TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;
