SELECT (SELECT position FROM model.moment) AS position,
       concat('{"facility":', coalesce((
           SELECT concat('{"name":', to_json(f.name), '}')
           FROM model.facility AS f
           WHERE f.facility_id = $1 AND STANDS(f)
       ), 'null'), '}') AS answer
