-- The claims that are counted together with one, and what the rest of its policy was paid where the sum
-- insured is for the whole policy. `ties` has its marks, `lossAt`, the hours by kind of mark (a kind without
-- hours ties nothing by itself), the claims that a person has `joined` to it, how many are listed `atMost`, its
-- currency, and `wholePolicy`, if any. Claims that a person has joined this one to count too. The same
-- person's mark names the policy, so it ties as the policy does. Listed first are claims of the same loss,
-- then those that were paid, then the nearest in time. What the bank has returned counts no more. Called by
-- `store_claim` and `place_payment`, and before a payment is placed.
CREATE OR REPLACE FUNCTION related_claims(of_claim TEXT, ties JSONB)
RETURNS JSONB LANGUAGE sql STABLE AS $$
  WITH joined AS (
    SELECT jsonb_array_elements_text(ties->'joined') AS claim
    UNION SELECT m.claim FROM claim_mark m WHERE m.mark = 'joined:' || of_claim
  ), tied AS (
    SELECT m.claim, split_part(m.mark, ':', 1) AS tie
    FROM jsonb_array_elements_text(ties->'marks') AS own (mark),
      LATERAL make_interval(hours => (ties->'hours'->>split_part(own.mark, ':', 1))::int) AS near,
      claim_mark m
    WHERE m.mark = own.mark AND m.claim <> of_claim
      AND m.loss_at BETWEEN (ties->>'lossAt')::timestamptz - near AND (ties->>'lossAt')::timestamptz + near
    UNION
    SELECT joined.claim, 'joined' FROM joined
    UNION
    SELECT m.claim, 'policy'
    FROM claim_mark m
    WHERE m.mark LIKE 'policy:%' AND ties->'marks' ? m.mark AND m.claim IN (SELECT joined.claim FROM joined)
  ), why AS (
    SELECT tied.claim, jsonb_agg(DISTINCT each.tie ORDER BY each.tie) AS list
    FROM tied JOIN claim c ON c.number = tied.claim AND c.currency = ties->>'currency',
      unnest(CASE tied.tie WHEN 'person' THEN ARRAY['person', 'policy'] ELSE ARRAY[tied.tie] END) AS each (tie)
    GROUP BY tied.claim
  ), paid AS (
    SELECT p.claim, p.object, sum(p.amount_minor) AS amount, sum(p.excess_minor) AS excess
    FROM payment p
    WHERE p.claim IN (SELECT claim FROM why) AND p.answer IS DISTINCT FROM 'returned'
    GROUP BY p.claim, p.object
  ), amounts AS (
    SELECT o.claim, jsonb_object_agg(o.object, jsonb_build_object(
      'stakeMinor', COALESCE((c.stakes->>o.object)::bigint, 0),
      'paidMinor', COALESCE(paid.amount, 0),
      'excessMinor', COALESCE(paid.excess, 0))) AS objects
    FROM (
      SELECT w.claim, jsonb_object_keys(c.stakes) AS object FROM why w JOIN claim c ON c.number = w.claim
      UNION SELECT paid.claim, paid.object FROM paid) o
    JOIN claim c ON c.number = o.claim
    LEFT JOIN paid ON paid.claim = o.claim AND paid.object = o.object
    GROUP BY o.claim
  ), listed AS (
    SELECT why.claim, why.list, row_number() OVER (ORDER BY
        why.list ?| ARRAY['joined', 'policy', 'vehicle'] DESC,
        EXISTS (SELECT FROM paid WHERE paid.claim = why.claim) DESC,
        abs(extract(epoch FROM loss.at - (ties->>'lossAt')::timestamptz)),
        why.claim
      ) > (ties->>'atMost')::int AS beyond
    FROM why, LATERAL (SELECT max(m.loss_at) AS at FROM claim_mark m WHERE m.claim = why.claim) AS loss
  )
  SELECT jsonb_strip_nulls(jsonb_build_object(
    'related', (
      SELECT COALESCE(jsonb_agg(jsonb_build_object(
        'claim', c.number,
        'why', listed.list,
        'closedAt', CASE WHEN c.outcome IS NOT NULL
          THEN to_char(c.stage_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') END,
        'objects', COALESCE(amounts.objects, '{}')) ORDER BY c.number), '[]')
      FROM listed JOIN claim c ON c.number = listed.claim LEFT JOIN amounts ON amounts.claim = listed.claim
      WHERE NOT listed.beyond),
    'moreRelated', (
      SELECT jsonb_build_object('claims', count(DISTINCT listed.claim), 'minor', COALESCE(sum(
        GREATEST((stake.value->>'stakeMinor')::bigint, (stake.value->>'paidMinor')::bigint)), 0))
      FROM listed LEFT JOIN amounts ON amounts.claim = listed.claim
        LEFT JOIN LATERAL jsonb_each(amounts.objects) AS stake ON TRUE
      WHERE listed.beyond
      HAVING count(*) > 0),
    'policyPaid', (
      SELECT COALESCE(jsonb_object_agg(object, amount), '{}')
      FROM (
        SELECT p.object, sum(p.amount_minor) AS amount FROM payment p
        WHERE p.policy = ties->>'wholePolicy' AND p.claim <> of_claim AND p.answer IS DISTINCT FROM 'returned'
        GROUP BY p.object) AS by_object)))
$$;
