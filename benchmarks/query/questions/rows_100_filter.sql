SELECT (SELECT position FROM model.moment) AS position,
       concat('{"commitments":{"nodes":[', nodes,
           '],"pageInfo":{"hasNextPage":', coalesce((
               SELECT 'true'
               FROM model.commitment AS c
               WHERE c.scheme_id = $1 AND (c.scheme_id, c.commitment_id) > (k1, k2) AND STANDS(c)
               ORDER BY c.scheme_id, c.commitment_id
               LIMIT 1
           ), 'false'),
           ',"endCursor":', coalesce('"' || translate(encode(
               convert_to(json_build_array(k1, k2)::text, 'UTF8'), 'base64'), E'+/\n', '-_') || '"',
               'null'),
       '}}}') AS answer
FROM (
    SELECT string_agg(node, ',') AS nodes,
           (array_agg(k1))[count(*)] AS k1, (array_agg(k2))[count(*)] AS k2
    FROM (
        SELECT c.scheme_id AS k1, c.commitment_id AS k2, concat(
            '{"code":', to_json(c.commitment_id),
            ',"amount":"', c.committed - c.taken_back,
            '","facility":', coalesce('{"name":' || to_json(f.name)::text || '}', 'null'),
            ',"province":', coalesce('{"name":' || to_json(p.name)::text || '}', 'null'),
            ',"scheme":', coalesce('{"title":' || to_json(s.title)::text || '}', 'null'),
            '}') AS node
        FROM model.commitment AS c
        LEFT JOIN model.facility AS f ON f.facility_id = c.facility_id AND STANDS(f)
        LEFT JOIN model.province AS p
          ON p.code = c.province_code AND p.valid_from = c.province_from
           AND p.until = 9223372036854775807
        LEFT JOIN model.scheme AS s ON s.scheme_id = c.scheme_id AND STANDS(s)
        WHERE c.scheme_id = $1 AND STANDS(c)
        ORDER BY c.scheme_id, c.commitment_id
        LIMIT 100
    ) AS row
) AS page
