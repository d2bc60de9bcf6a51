-- The role of the programs: it reads and writes rows. It changes no table, no entry of the journal, and no
-- record of who looked at what, no signed line, and no key that was set aside.
-- Run it as the owner of the tables, after each migration; the role itself is made once, with a password:
--   CREATE ROLE lipei_program LOGIN PASSWORD '…';
--   psql "$OWNER_URL" -v role=lipei_program -f prisma/program-role.sql
GRANT USAGE ON SCHEMA public TO :"role";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"role";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO :"role";
REVOKE UPDATE, DELETE ON journal_entry, personal_look, signed_line, set_aside_key FROM :"role";
-- After its time a claim goes through these alone. They check its age themselves.
GRANT EXECUTE ON FUNCTION retire_claim(TEXT, JSONB), retire_rows(TEXT, TIMESTAMPTZ, INT) TO :"role";
