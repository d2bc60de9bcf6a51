-- The direct line of whoever handles a major case (S28).
ALTER TABLE "person" ADD COLUMN "phone" TEXT;
