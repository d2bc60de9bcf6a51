-- Whether somebody is waited for is asked of many claims, one after another, where they are listed in an order of their own.
CREATE INDEX "expectation_claim_from_due_idx" ON "expectation"("claim", "from", "due");
