-- What operations must see to although the claim has closed: that its last words did not arrive, what its customer has written since,
-- a document that came late. Nobody's workflow waits for it.
CREATE TABLE "follow_up" (
    "claim" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),
    "done_by" TEXT,
    "how" TEXT,

    CONSTRAINT "follow_up_pkey" PRIMARY KEY ("claim","id")
);

-- What waits is little, however much was done.
CREATE INDEX "open_follow_up" ON "follow_up"("branch", "since", "claim", "id") WHERE "done_at" IS NULL;
-- What was told to claims lately, of what may have met a closed one.
CREATE INDEX "inbox_told" ON "inbox"("told_at") WHERE "kind" IN ('receipt', 'text') AND ("message"->>'outcome') IS DISTINCT FROM 'delivered';
