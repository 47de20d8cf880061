SELECT (SELECT position FROM model.moment) AS position,
       concat('{"commitments":{"nodes":[', (
       SELECT concat(
           '{"code":', to_json(c.commitment_id),
           ',"activity":"', c.activity,
           '","amount":"', c.committed - c.taken_back,
           '","status":"', c.status,
           '","facility":', CASE WHEN f.facility_id IS NULL THEN 'null' ELSE concat(
               '{"name":', to_json(f.name),
               ',"province":', CASE WHEN p.code IS NULL THEN 'null' ELSE concat(
                   '{"name":', to_json(p.name), ',"region":', to_json(p.region), '}'
               ) END, '}'
           ) END,
           ',"scheme":', CASE WHEN s.scheme_id IS NULL THEN 'null' ELSE concat(
               '{"title":', to_json(s.title), ',"status":"', s.status, '"}'
           ) END,
           ',"payments":[', (
               SELECT string_agg(concat(
                   '{"code":', to_json(y.payment_id),
                   ',"kind":"', y.kind,
                   '","amount":"', y.amount,
                   '","paidOn":"', y.paid_on, '"}'
               ), ',' ORDER BY y.paid_on, y.scheme_id, y.payment_id)
               FROM model.payment AS y
               WHERE y.scheme_id = c.scheme_id AND y.commitment_id = c.commitment_id AND STANDS(y)
           ), ']}'
       )
       FROM model.commitment AS c
       LEFT JOIN model.facility AS f ON f.facility_id = c.facility_id AND STANDS(f)
       LEFT JOIN model.province AS p ON p.code = f.province_code AND p.valid_from = f.province_from
         AND p.until = 9223372036854775807
       LEFT JOIN model.scheme AS s ON s.scheme_id = c.scheme_id AND STANDS(s)
       WHERE c.facility_id = $1 AND STANDS(c)
       ORDER BY c.scheme_id, c.commitment_id
       LIMIT 1
       ), ']}}') AS answer
