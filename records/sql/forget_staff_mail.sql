-- Takes a mail to staff out of the ledger, with its tasks, when it was certainly not sent. Once an answer to it
-- is kept it stays. Runs with the rights of the owner, because programs delete nothing there. Called by
-- `forgetStaffMail`.
CREATE OR REPLACE FUNCTION forget_staff_mail(of_reference TEXT) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM staff_notification WHERE reference = of_reference AND state = 'sending'
$$;

-- Forgets what a person was notified of more than 90 days ago, unless the task is still open. Runs with the
-- rights of the owner. Called by `planStaffMail`.
CREATE OR REPLACE FUNCTION forget_old_staff_tasks(of_person TEXT) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM staff_notification_task t USING staff_notification n
  WHERE n.reference = t.reference AND t.person = of_person
    AND n.at < clock_timestamp() - INTERVAL '90 days'
    AND NOT EXISTS (SELECT FROM expectation e WHERE e.claim = t.claim AND e.id = t.expectation)
    AND NOT EXISTS (
      SELECT FROM follow_up f WHERE f.claim = t.claim AND f.id = t.expectation AND f.done_at IS NULL)
$$;
