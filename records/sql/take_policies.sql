-- The marks of a version of a policy, which it is found by: those of its people and of its insured objects.
CREATE OR REPLACE FUNCTION policy_marks(people JSONB, objects JSONB) RETURNS SETOF TEXT
LANGUAGE sql IMMUTABLE ROWS 10 AS $$
  SELECT mark #>> '{}' FROM jsonb_path_query(people, '$[*].marks[*]') mark
  UNION SELECT mark #>> '{}' FROM jsonb_path_query(objects, '$.*.marks[*]') mark
$$;

-- Marks of policies whose versions were replaced at this moment go, unless another version that counts has them.
CREATE OR REPLACE FUNCTION forget_policy_marks(of_numbers TEXT[], at TIMESTAMPTZ) RETURNS VOID
LANGUAGE sql SET search_path = public, pg_temp AS $$
  WITH former AS (
    SELECT DISTINCT p.number, mark FROM policy p, policy_marks(p.people, p.objects) mark
    WHERE p.number = ANY (of_numbers) AND p.replaced_at = at
  ), present AS (
    SELECT DISTINCT p.number, mark FROM policy p, policy_marks(p.people, p.objects) mark
    WHERE p.number = ANY (of_numbers) AND p.replaced_at IS NULL
  ), gone AS (SELECT number, mark FROM former EXCEPT SELECT number, mark FROM present)
  DELETE FROM policy_mark m USING gone g WHERE m.mark = g.mark AND m.number = g.number
$$;

-- Informs the claims of these policies of what an import did to them at this moment: an open claim whose loss lies
-- in the period of a version that came or was replaced checks its cover anew, and so does every open claim of a
-- policy that the book did not have, or has no more. Where the claim has closed, supervisors look at it.
CREATE OR REPLACE FUNCTION inform_claims_of_policies(of_import TEXT, of_numbers TEXT[], at TIMESTAMPTZ) RETURNS VOID
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  tied TEXT[];
BEGIN
  SELECT array_agg(DISTINCT m.claim) INTO tied FROM unnest(of_numbers) number
    JOIN claim_mark m ON m.mark = 'policy:' || number;
  IF tied IS NULL THEN RETURN; END IF;
  WITH of_policy AS (
    SELECT p.number,
      bool_or(p.recorded_at < at AND (p.replaced_at IS NULL OR p.replaced_at = at)) AS was_known,
      bool_or(p.replaced_at IS NULL) AS is_known
    FROM policy p WHERE p.number = ANY (of_numbers) GROUP BY p.number
  ), touched AS (
    SELECT c.number AS claim, c.branch, c.outcome, o.number AS policy, o.was_known,
      EXISTS (
        SELECT FROM policy p
        WHERE p.number = o.number AND (p.recorded_at = at OR p.replaced_at = at)
          AND p.valid_from <= m.loss_at AND m.loss_at < p.valid_to) AS in_period,
      o.was_known AND o.is_known AS stays_known
    FROM of_policy o
      JOIN claim_mark m ON m.mark = 'policy:' || o.number
      JOIN claim c ON c.number = m.claim
  ), informed AS (
    INSERT INTO inbox (id, kind, claim, message)
      SELECT 'policy:' || claim || ':' || of_import, 'policy', claim,
        jsonb_build_object('name', 'policy-changed', 'policy', policy)
      FROM touched WHERE outcome IS NULL AND (in_period OR NOT stays_known)
    ON CONFLICT (id) DO NOTHING
  )
  INSERT INTO follow_up (claim, id, branch, role, what)
    SELECT claim, 'policy-' || of_import, branch, 'supervisor', 'the policy was corrected'
    FROM touched WHERE outcome IS NOT NULL AND was_known AND in_period
  ON CONFLICT (claim, id) DO NOTHING;
END $$;

-- Vehicles of staged policies that another policy of the same line insures at the same time, a sentence each: both
-- are taken, because people insure twice by mistake, and the company must let them know. A dry run compares with the
-- book alone.
CREATE OR REPLACE FUNCTION twice_insured(of_import TEXT, numbers TEXT[]) RETURNS JSONB
LANGUAGE sql STABLE SET search_path = public, pg_temp SET enable_seqscan = off AS $$
  WITH same_vehicle AS MATERIALIZED (
    SELECT s.line AS at_line, s.key AS number, r.line, r."validFrom" AS since, r."validTo" AS upto, other.number AS other,
      vehicle.own
    FROM staged_row s,
      jsonb_to_record(s.row) AS r(line TEXT, "validFrom" TIMESTAMPTZ, "validTo" TIMESTAMPTZ, objects JSONB),
      jsonb_path_query(r.objects, '$.*.marks[*]') AS vehicle(own),
      LATERAL (
        SELECT m.number FROM policy_mark m WHERE m.mark = vehicle.own #>> '{}' AND m.number <> s.key LIMIT 20
      ) AS other
    WHERE s.import = of_import AND s.key >= numbers[1] AND s.key <= numbers[cardinality(numbers)]
      AND s.reject IS NULL
  )
  SELECT COALESCE(jsonb_agg(DISTINCT 'line ' || s.at_line || ': a vehicle of policy ' || s.number || ' is insured in '
    || 'policy ' || p.number || ' too at that time: look whether one of them ends'), '[]')
  FROM same_vehicle s JOIN policy p ON p.number = s.other AND p.replaced_at IS NULL
  WHERE p.line = s.line AND p.valid_from < s.upto AND s.since < p.valid_to
    AND jsonb_path_exists(p.objects, '$.*.marks[*] ? (@ == $mark)', jsonb_build_object('mark', s.own))
$$;

-- Takes the next policies of an import, at most so many after this number: all rows of a policy, or none of
-- them. What is not taken has its `reject`. Answers what became of the rows, and the last number; null when
-- there are no more. A dry run changes nothing but the rejects. Safe to repeat: what this import has taken
-- already counts as it did then. Called by `policyBook`.
CREATE OR REPLACE FUNCTION take_policies(of_import TEXT, after TEXT, at_most INT, is_dry BOOLEAN) RETURNS JSONB
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
  at TIMESTAMPTZ(3) := clock_timestamp();
  numbers TEXT[];
  counts JSONB;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('policy-book', 0));
  SELECT array_agg(key ORDER BY key) INTO numbers FROM (
    SELECT DISTINCT s.key FROM staged_row s
    WHERE s.import = of_import AND (after IS NULL OR s.key > after) ORDER BY s.key LIMIT at_most) AS next;
  IF numbers IS NULL THEN RETURN NULL; END IF;

  UPDATE staged_row s SET reject = NULL
    WHERE s.import = of_import AND s.key >= numbers[1] AND s.key <= numbers[cardinality(numbers)]
      AND s.reject IS NOT NULL AND s.row ? 'content';

  WITH staged AS MATERIALIZED (
    SELECT s.line, s.key, s.row ? 'content' AS is_read, r.*,
      array_agg(s.line) OVER same AS lines,
      min(r.content) OVER same IS DISTINCT FROM max(r.content) OVER same AS is_twice,
      row_number() OVER (same ORDER BY s.line) = 1 AS is_first
    FROM staged_row s, jsonb_to_record(s.row) AS r(
      endorsement TEXT, branch TEXT, content TEXT, "validFrom" TIMESTAMPTZ, "validTo" TIMESTAMPTZ)
    WHERE s.import = of_import AND s.key >= numbers[1] AND s.key <= numbers[cardinality(numbers)]
    WINDOW same AS (PARTITION BY s.key, r.endorsement)
  ), counting AS MATERIALIZED (
    SELECT *, max(upto) OVER (
      PARTITION BY number ORDER BY since, endorsement ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM (
      SELECT DISTINCT ON (number, endorsement) number, endorsement, line, since, upto FROM (
        SELECT key AS number, endorsement, line, "validFrom" AS since, "validTo" AS upto
          FROM staged WHERE is_read AND is_first
        UNION ALL SELECT p.number, p.endorsement, NULL, p.valid_from, p.valid_to
          FROM policy p WHERE p.number = ANY (numbers) AND p.replaced_at IS NULL
      ) AS version ORDER BY number, endorsement, line NULLS LAST
    ) AS one
  ), overlapping AS MATERIALIZED (
    SELECT * FROM counting WHERE number IN (SELECT number FROM counting WHERE before > since)
  ), wrong AS (
    SELECT line, key, 1 AS rank, 'branch' AS field, 'must be a unit of the staff book, and there is no ' || branch
      || ': import the units first' AS reason
    FROM staged s WHERE is_read AND NOT EXISTS (SELECT FROM unit u WHERE u.code = s.branch)
    UNION ALL
    SELECT line, key, 2, 'endorsement', 'must be another on each line: lines ' || (
        SELECT string_agg(each::text, ', ' ORDER BY each) FROM unnest(lines) each)
      || ' have the same policy and endorsement, and not the same content'
    FROM staged WHERE is_read AND is_twice
    UNION ALL
    SELECT DISTINCT ON (one.line) one.line, one.number, 3, 'from', 'overlaps the endorsement ' || other.endorsement
      || ' of the same policy, in force from '
      || to_char(other.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || ' to '
      || to_char(other.upto AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      || COALESCE(' (line ' || other.line || ')', '')
      || ': send both, with periods that do not overlap'
    FROM overlapping one JOIN overlapping other
      ON other.number = one.number AND other.endorsement <> one.endorsement
      AND other.since < one.upto AND one.since < other.upto
    WHERE one.line IS NOT NULL
  ), barred AS (
    SELECT key, min(line) AS line FROM (
      SELECT key, line FROM wrong UNION ALL SELECT key, line FROM staged WHERE NOT is_read) AS each
    GROUP BY key
  ), verdict AS (
    SELECT s.line, jsonb_agg(jsonb_build_object('field', COALESCE(w.field, 'number'), 'reason', COALESCE(
        w.reason, 'is that of a policy of which line ' || b.line || ' cannot be taken: all its lines are taken '
          || 'together')) ORDER BY w.rank) AS mistakes
    FROM staged s JOIN barred b ON b.key = s.key LEFT JOIN wrong w ON w.line = s.line
    WHERE s.is_read GROUP BY s.line
  )
  UPDATE staged_row s SET reject = v.mistakes
    FROM verdict v WHERE s.import = of_import AND s.line = v.line;

  WITH staged AS (
    SELECT s.key AS number, s.line, s.reject IS NOT NULL OR NOT s.row ? 'content' AS is_rejected,
      s.row->>'endorsement' AS endorsement, s.row->>'content' AS content
    FROM staged_row s
    WHERE s.import = of_import AND s.key >= numbers[1] AND s.key <= numbers[cardinality(numbers)]
  ), judged AS (
    SELECT s.number, CASE
        WHEN s.is_rejected THEN 'rejected'
        WHEN row_number() OVER (PARTITION BY s.number, s.endorsement, s.is_rejected ORDER BY s.line) > 1 THEN 'same'
        WHEN p.number IS NULL THEN 'added'
        WHEN p.content <> s.content THEN 'changed'
        WHEN p.import IS DISTINCT FROM of_import THEN 'same'
        WHEN EXISTS (
          SELECT FROM policy f
          WHERE f.number = p.number AND f.endorsement = p.endorsement AND f.replaced_by = of_import) THEN 'changed'
        ELSE 'added' END AS verdict
    FROM staged s LEFT JOIN policy p
      ON p.number = s.number AND p.endorsement = s.endorsement AND p.replaced_at IS NULL
  )
  SELECT jsonb_build_object(
      'last', numbers[cardinality(numbers)], 'rows', count(*),
      'added', count(*) FILTER (WHERE verdict = 'added'),
      'changed', count(*) FILTER (WHERE verdict = 'changed'),
      'same', count(*) FILTER (WHERE verdict = 'same'),
      'rejected', count(*) FILTER (WHERE verdict = 'rejected'),
      'first', jsonb_build_object(
        'added', COALESCE(jsonb_agg(number) FILTER (WHERE verdict = 'added' AND nth <= 10), '[]'),
        'changed', COALESCE(jsonb_agg(number) FILTER (WHERE verdict = 'changed' AND nth <= 10), '[]'),
        'same', COALESCE(jsonb_agg(number) FILTER (WHERE verdict = 'same' AND nth <= 10), '[]')),
      'warnings', '[]'::jsonb)
    INTO counts FROM (SELECT *, row_number() OVER (PARTITION BY verdict ORDER BY number) AS nth FROM judged) AS each;
  IF (counts->>'added')::int + (counts->>'changed')::int = 0 THEN RETURN counts; END IF;
  IF is_dry THEN
    RETURN counts || jsonb_build_object('warnings', twice_insured(of_import, numbers));
  END IF;

  UPDATE policy p SET replaced_at = at, replaced_by = of_import
    FROM staged_row s
    WHERE s.import = of_import AND s.key >= numbers[1] AND s.key <= numbers[cardinality(numbers)]
      AND s.reject IS NULL AND s.row ? 'content'
      AND p.number = s.key AND p.endorsement = s.row->>'endorsement' AND p.replaced_at IS NULL
      AND p.content <> s.row->>'content';

  WITH fresh AS (
    SELECT DISTINCT ON (s.key, r.endorsement) s.key AS number, r.*
    FROM staged_row s, jsonb_to_record(s.row) AS r(
      endorsement TEXT, line TEXT, jurisdiction TEXT, branch TEXT, currency TEXT, "validFrom" TIMESTAMPTZ,
      "validTo" TIMESTAMPTZ, objects JSONB, people JSONB, wording TEXT, special JSONB, sealed TEXT, key TEXT,
      content TEXT)
    WHERE s.import = of_import AND s.key >= numbers[1] AND s.key <= numbers[cardinality(numbers)]
      AND s.reject IS NULL AND r.content IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM policy p
        WHERE p.number = s.key AND p.endorsement = r.endorsement AND p.replaced_at IS NULL)
    ORDER BY s.key, r.endorsement, s.line
  ), added AS (
    INSERT INTO policy (number, version, endorsement, line, jurisdiction, branch, currency, valid_from, valid_to,
        objects, people, wording, special, sealed, key, content, import, recorded_at)
      SELECT f.number,
        COALESCE((SELECT max(p.version) FROM policy p WHERE p.number = f.number), 0)
          + row_number() OVER (PARTITION BY f.number ORDER BY f."validFrom", f.endorsement),
        f.endorsement, f.line, f.jurisdiction, f.branch, f.currency, f."validFrom", f."validTo", f.objects,
        f.people, f.wording, f.special, f.sealed, f.key, f.content, of_import, at
      FROM fresh f
    RETURNING number, people, objects
  )
  INSERT INTO policy_mark (mark, number)
    SELECT DISTINCT mark, a.number FROM added a, policy_marks(a.people, a.objects) mark
  ON CONFLICT DO NOTHING;

  IF (counts->>'changed')::int > 0 THEN PERFORM forget_policy_marks(numbers, at); END IF;
  PERFORM inform_claims_of_policies(of_import, numbers, at);
  RETURN counts || jsonb_build_object('warnings', twice_insured(of_import, numbers));
END $$;

-- Makes the next policies of an import as they were before it, as new versions; at most so many after this
-- number. A policy that a later import has changed again, or whose former period is taken by now, stays as it is
-- and is named in `left`. Answers null when there are no more. Safe to repeat. Called by `policyBook`.
CREATE OR REPLACE FUNCTION undo_policies(of_import TEXT, undone TEXT, after TEXT, at_most INT) RETURNS JSONB
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
  at TIMESTAMPTZ(3) := clock_timestamp();
  numbers TEXT[];
  staying TEXT[];
  restored INT;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('policy-book', 0));
  SELECT array_agg(number ORDER BY number) INTO numbers FROM (
    SELECT DISTINCT p.number FROM policy p
    WHERE p.import = undone AND (after IS NULL OR p.number > after) ORDER BY p.number LIMIT at_most) AS next;
  IF numbers IS NULL THEN RETURN NULL; END IF;

  WITH version AS (
    SELECT p.* FROM policy p WHERE p.number = ANY (numbers)
  ), changed_since AS (
    SELECT number FROM version
    WHERE import = undone AND replaced_at IS NOT NULL AND replaced_by IS DISTINCT FROM of_import
  ), counting AS (
    SELECT number, valid_from, valid_to, max(valid_to) OVER (
      PARTITION BY number ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM version
    WHERE replaced_at IS NULL AND import IS DISTINCT FROM undone
      OR replaced_by = undone AND NOT EXISTS (
        SELECT FROM version done
        WHERE done.number = version.number AND done.endorsement = version.endorsement
          AND done.import = of_import AND done.replaced_at IS NULL)
  )
  SELECT COALESCE(array_agg(DISTINCT number), '{}') INTO staying FROM (
    SELECT number FROM changed_since UNION ALL SELECT number FROM counting WHERE before > valid_from) AS each;

  UPDATE policy p SET replaced_at = at, replaced_by = of_import
    WHERE p.number = ANY (numbers) AND p.number <> ALL (staying) AND p.import = undone AND p.replaced_at IS NULL;

  WITH fresh AS (
    SELECT former.* FROM policy former
    WHERE former.number = ANY (numbers) AND former.number <> ALL (staying) AND former.replaced_by = undone
      AND NOT EXISTS (
        SELECT FROM policy p
        WHERE p.number = former.number AND p.endorsement = former.endorsement AND p.replaced_at IS NULL)
  ), added AS (
    INSERT INTO policy (number, version, endorsement, line, jurisdiction, branch, currency, valid_from, valid_to,
        objects, people, wording, special, sealed, key, content, import, recorded_at)
      SELECT f.number,
        (SELECT max(p.version) FROM policy p WHERE p.number = f.number)
          + row_number() OVER (PARTITION BY f.number ORDER BY f.valid_from, f.endorsement),
        f.endorsement, f.line, f.jurisdiction, f.branch, f.currency, f.valid_from, f.valid_to, f.objects, f.people,
        f.wording, f.special, f.sealed, f.key, f.content, of_import, at
      FROM fresh f
    RETURNING number, people, objects
  )
  INSERT INTO policy_mark (mark, number)
    SELECT DISTINCT mark, a.number FROM added a, policy_marks(a.people, a.objects) mark
  ON CONFLICT DO NOTHING;

  PERFORM forget_policy_marks(numbers, at);
  PERFORM inform_claims_of_policies(of_import, numbers, at);
  SELECT count(*) INTO restored FROM policy p
    WHERE p.number = ANY (numbers) AND p.import = undone AND p.replaced_by = of_import;
  RETURN jsonb_build_object(
    'last', numbers[cardinality(numbers)], 'restored', restored, 'left', to_jsonb(staying));
END $$;
