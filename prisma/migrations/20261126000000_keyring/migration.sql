-- What the records know of the encryption keys: of each a fingerprint, so that one that comes back with other bytes is found at the
-- start, and since when and until when somebody encrypted with it. Keys of before come in without a fingerprint; whoever first has one that opens
-- what it wrapped gives it. Retiring a key looks for what it still wraps.
CREATE TABLE "encryption_key" (
    "id" TEXT NOT NULL,
    "fingerprint" TEXT,
    "encrypted_from" TIMESTAMPTZ(3),
    "encrypted_at" TIMESTAMPTZ(3),
    "rewrapped_at" TIMESTAMPTZ(3),

    CONSTRAINT "encryption_key_pkey" PRIMARY KEY ("id")
);
INSERT INTO "encryption_key" ("id") SELECT DISTINCT split_part("key", ':', 1) FROM "party" WHERE "key" <> '';

-- The one secret under which contacts are hashed, wrapped by an encryption key: it stays whatever becomes of the keyring.
CREATE TABLE "contact_key" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "key" TEXT NOT NULL,

    CONSTRAINT "contact_key_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "contact_key_only_one" CHECK ("id" = 1)
);

-- Prisma's schema cannot say this, and leaves it alone.
CREATE INDEX "party_wrapped_by" ON "party"(split_part("key", ':', 1));
