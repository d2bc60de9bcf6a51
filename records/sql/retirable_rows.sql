-- Rows that may be deleted, the oldest first, by class: what a plan counts, and what `retire_rows` deletes.

-- Messages of providers that were forwarded, or that are for no claim.
CREATE OR REPLACE FUNCTION retirable_inbox(before TIMESTAMPTZ)
RETURNS TABLE (id TEXT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT i.id, i.at FROM inbox i
  WHERE i.at < before AND (i.forwarded_at IS NOT NULL OR i.claim IS NULL) ORDER BY i.at
$$;

-- Looks at claims that the records no longer have.
CREATE OR REPLACE FUNCTION retirable_looks(before TIMESTAMPTZ)
RETURNS TABLE (id BIGINT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT l.id, l.at FROM personal_look l
  WHERE l.at < before
    AND NOT EXISTS (SELECT FROM journal_entry j WHERE j.claim = ANY(l.claims) AND j.seq = 1)
  ORDER BY l.at
$$;

-- Mails to staff. While one of its tasks is open, a mail stays: it keeps the person from being mailed again.
CREATE OR REPLACE FUNCTION retirable_staff_mail(before TIMESTAMPTZ)
RETURNS TABLE (id TEXT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT n.reference, n.at FROM staff_notification n
  WHERE n.at < before AND n.state <> 'sending'
    AND NOT EXISTS (
      SELECT FROM staff_notification_task t JOIN expectation e ON e.claim = t.claim AND e.id = t.expectation
      WHERE t.reference = n.reference)
    AND NOT EXISTS (
      SELECT FROM staff_notification_task t
      JOIN follow_up f ON f.claim = t.claim AND f.id = t.expectation AND f.done_at IS NULL
      WHERE t.reference = n.reference)
  ORDER BY n.at
$$;

-- No token is valid for longer than a year, so these have ended by themselves.
CREATE OR REPLACE FUNCTION retirable_revoked_tokens(before TIMESTAMPTZ)
RETURNS TABLE (id TEXT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT r.id, r.at FROM revoked_token r WHERE r.at < before ORDER BY r.at
$$;

-- Unknown telephones that have written nothing since, and that nobody must answer any more.
CREATE OR REPLACE FUNCTION retirable_telephones(before TIMESTAMPTZ)
RETURNS TABLE (id TEXT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT p.id, max(n.at) AS at
  FROM party p JOIN note n ON n.claim = p.claim AND n.party = p.id
  WHERE p.claim = 'NO-CLAIM'
    AND NOT EXISTS (
      SELECT FROM follow_up f
      WHERE f.done_at IS NULL AND (f.what LIKE 'answer ' || p.id || ':%'))
  GROUP BY p.id HAVING max(n.at) < before ORDER BY max(n.at)
$$;

-- Keys of erased people that were set aside for a court, and whose time is over, unless the claim is held.
CREATE OR REPLACE FUNCTION retirable_set_aside_keys(before TIMESTAMPTZ)
RETURNS TABLE (id TEXT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT k.claim || '/' || k.party, k.until FROM set_aside_key k
  WHERE k.until < before AND 'hold-claim' IS DISTINCT FROM (
    SELECT l.act FROM signed_line l
    WHERE l.claim = k.claim AND l.act IN ('hold-claim', 'release-claim') ORDER BY l.id DESC LIMIT 1)
  ORDER BY k.until
$$;

-- Policies that have ended, with all their versions, once no claim of theirs is there.
CREATE OR REPLACE FUNCTION retirable_policies(before TIMESTAMPTZ)
RETURNS TABLE (id TEXT, at TIMESTAMPTZ) LANGUAGE sql STABLE AS $$
  SELECT p.number, max(p.valid_to) AS at FROM policy p
  WHERE p.valid_to < before
    AND NOT EXISTS (SELECT FROM policy o WHERE o.number = p.number AND o.valid_to >= before)
    AND NOT EXISTS (SELECT FROM claim_mark m WHERE m.mark = 'policy:' || p.number)
  GROUP BY p.number ORDER BY at
$$;
