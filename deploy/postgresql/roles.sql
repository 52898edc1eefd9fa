-- Who may do what in Dondoc's database. Run it as PostgreSQL's administrator, connected to that database, once before
-- the first `dondoc init` and again after every one (it names each table, and an upgrade can bring new ones):
--
--     sudo -u postgres psql -1 -v ON_ERROR_STOP=1 -d dondoc -f roles.sql
--
--   dondoc_owner    owns the tables: `dondoc init`, `dondoc restore`. Nothing that runs all day signs in as it.
--   dondoc_worker   imports, judges, plans, sends, reports: adds rows; changes the outbox's state.
--   dondoc_portal   serves the pages and the API: adds what people decide and what is sent in, the reminders and editions
--                   they ask for, and puts letters back into the outbox. It sends no notices and cannot change the schema.
--   dondoc_reader   reads: `dondoc backup`, dashboards.
--
-- Facts are appended. Nobody may change or take out a row of an append-only table: a trigger refuses it to everybody,
-- the owner and the administrator included, but for a migration or a restore by the owner, which says so first
-- (SET LOCAL dondoc.migrating = 'on'). From PostgreSQL 17 on no running role is even granted it; before, writers that
-- queue by locking a table need the right to update it, and the trigger alone stands in the way. What is not
-- append-only, and why:
--   notice                  the outbox: waiting, claimed, sent (the worker changes it; the portal its dead letters)
--   document                a number whose every import was taken back may be given another date (worker, portal)
--   day_total               derived figures; one assessment replaces itself (the worker)
--   reference tables        what `dondoc init` loads from the data files (the owner)

DO $$
DECLARE role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['dondoc_owner', 'dondoc_worker', 'dondoc_portal', 'dondoc_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', role_name);
        END IF;
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO dondoc_owner, dondoc_worker, dondoc_portal, dondoc_reader',
                   current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO dondoc_owner;
GRANT USAGE ON SCHEMA public TO dondoc_worker, dondoc_portal, dondoc_reader;

-- Begin from nothing, so that a right taken out of this file is taken out of the database.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM dondoc_worker, dondoc_portal, dondoc_reader;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM dondoc_worker, dondoc_portal, dondoc_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO dondoc_worker, dondoc_portal, dondoc_reader;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO dondoc_worker, dondoc_portal;
GRANT SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO dondoc_worker;  -- an import takes its numbers in one piece
DO $$
BEGIN
    IF to_regclass('public.task') IS NOT NULL THEN  -- so does a workbook a program sends in through the portal
        GRANT UPDATE ON SEQUENCE public.task_id_seq, public.task_revision_id_seq, public.assignment_id_seq,
            public.assignment_revision_id_seq TO dondoc_portal;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION public.dondoc_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('dondoc.migrating', true), '') = 'on'
       AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

DO $$
DECLARE
    found text;
    reference text[] := ARRAY['agency', 'collective', 'milestone', 'calendar_year', 'calendar_day', 'effective_day',
                              'rung', 'layout', 'contact', 'alembic_version'];
    changing text[] := ARRAY['notice', 'document', 'day_total'];
    -- What only the worker adds to.
    sending text[] := ARRAY['notice_item', 'notice_attachment', 'delivery', 'day_total', 'ladder_version',
                            'webhook_message', 'webhook_attempt', 'webhook_outcome'];
    to_lock text := CASE WHEN current_setting('server_version_num')::int >= 170000 THEN 'MAINTAIN' ELSE 'UPDATE' END;
BEGIN
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename LOOP
        CONTINUE WHEN found = ANY (reference);
        EXECUTE format('GRANT INSERT ON public.%I TO dondoc_worker', found);
        IF found <> ALL (sending) THEN
            EXECUTE format('GRANT INSERT ON public.%I TO dondoc_portal', found);
        END IF;
        CONTINUE WHEN found = ANY (changing);
        EXECUTE format('GRANT %s ON public.%I TO dondoc_worker', to_lock, found);
        IF found <> ALL (sending) THEN
            EXECUTE format('GRANT %s ON public.%I TO dondoc_portal', to_lock, found);
        END IF;
        EXECUTE format('CREATE OR REPLACE TRIGGER dondoc_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION public.dondoc_append_only()', found);
    END LOOP;
    IF to_regclass('public.notice') IS NOT NULL THEN
        GRANT UPDATE ON public.notice TO dondoc_worker, dondoc_portal;
        GRANT UPDATE (title, issued_on, batch_id) ON public.document TO dondoc_worker, dondoc_portal;
        GRANT DELETE ON public.day_total TO dondoc_worker;
    END IF;
END $$;
