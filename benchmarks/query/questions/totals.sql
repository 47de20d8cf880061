SELECT (SELECT position FROM model.moment) AS position,
       concat('{"totals":[', string_agg(concat(
           '{"province":', coalesce('{"name":' || to_json(p.name)::text || '}', 'null'),
           ',"grant":"', t.granted, '","disbursed":"', t.disbursed, '"}'
       ), ',' ORDER BY t.province_code, t.province_from), ']}') AS answer
FROM (
    SELECT e.province_code, e.province_from,
           coalesce(sum(e.amount) FILTER (
               WHERE e.kind IN ('COMMITMENT', 'REDUCTION', 'CANCELLATION', 'REALLOCATION_OUT', 'REALLOCATION_IN')), 0) AS granted,
           coalesce(sum(e.amount) FILTER (
               WHERE e.kind IN ('ADVANCE', 'DISBURSEMENT', 'REVERSAL')), 0) AS disbursed
    FROM model.entry AS e
    WHERE STANDS(e)
    GROUP BY e.province_code, e.province_from
) AS t
LEFT JOIN model.province AS p ON p.code = t.province_code AND p.valid_from = t.province_from
    AND p.until = 9223372036854775807
