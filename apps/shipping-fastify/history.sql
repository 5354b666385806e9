-- The database of the shipping service as it was before its first change: one table, and a year of shipments.
CREATE TABLE shipments (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reference text NOT NULL UNIQUE,
  postcode text NOT NULL,
  weight_grams integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO shipments (reference, postcode, weight_grams, created_at)
SELECT 'S-' || lpad(n::text, 8, '0'),
       lpad((n * 7919 % 100000)::text, 5, '0'),
       200 + n * 37 % 29800,
       timestamptz '2025-01-01' + n * interval '5 minutes'
  FROM generate_series(1, 100000) AS n;
