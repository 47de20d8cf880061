SELECT (SELECT position FROM model.moment) AS position,
       concat('{"facilities":{"nodes":[', (
           SELECT concat('{"name":', to_json(f.name), '}')
           FROM model.facility AS f
           WHERE f.province_code = $1 AND STANDS(f)
           ORDER BY f.name_sort, f.facility_id
           LIMIT 1
       ), ']}}') AS answer
