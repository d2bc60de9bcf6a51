-- Keeps a provider's delivery report, in one round trip. The message changes its state if its present state
-- allows it. The report for its claim (`of_message`) goes to the inbox under the report's own id, so that a
-- repeat counts once. Returns whether the state changed; null when the message is not in the ledger. Called
-- by `keepDeliveryReport`, for the reports of Twilio and of mail servers.
CREATE OR REPLACE FUNCTION keep_delivery_report(
  of_id TEXT, of_reference TEXT, to_state TEXT, from_states TEXT[], of_provider_id TEXT, of_code TEXT,
  of_message JSONB
) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE
  of_claim TEXT;
  moved INT;
BEGIN
  SELECT n.claim INTO of_claim FROM notification n WHERE n.reference = of_reference;
  IF of_claim IS NULL THEN RETURN NULL; END IF;
  UPDATE notification n SET
      state = to_state, at = clock_timestamp(), lease_until = NULL, error_code = of_code,
      provider_id = COALESCE(n.provider_id, of_provider_id)
    WHERE n.reference = of_reference AND n.state = ANY(from_states);
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved > 0 AND of_message IS NOT NULL THEN
    INSERT INTO inbox (id, kind, claim, message) VALUES (of_id, 'delivery-report', of_claim, of_message)
      ON CONFLICT DO NOTHING;
  END IF;
  RETURN moved > 0;
END $$;
