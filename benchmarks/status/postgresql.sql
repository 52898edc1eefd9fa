-- How every assignment stands, by kind and accountable agency.
-- The same answer as the product's statement, in SQL written by hand for PostgreSQL. What the product can and this need not:
-- other levels of completion, other milestones, chains of successors, what an undo kept.
WITH dead AS MATERIALIZED (
  SELECT id FROM batch WHERE recorded_at > :known_at
  UNION ALL SELECT batch_id FROM undo WHERE recorded_at <= :known_at
),
successors AS MATERIALIZED (
  SELECT code, successor FROM agency WHERE valid_to < :day AND successor IS NOT NULL AND NOT split
),
marked AS (
  SELECT assignment_id,
         max(CASE WHEN action = 'return' THEN id END) AS last_return,
         max(CASE WHEN action = 'cancel' THEN id END) AS last_cancel,
         max(CASE WHEN action = 'extend' OR due_on IS NOT NULL THEN id END) AS last_move,
         max(CASE WHEN action = 'hold' AND effective_on <= :day AND until_on >= :day THEN id END) AS last_hold
  FROM decision
  WHERE recorded_at <= :known_at
  GROUP BY assignment_id
),
answered AS (
  SELECT m.assignment_id, r.recorded_at AS returned_at, c.effective_on AS cancelled_on,
         coalesce(x.due_on, x.until_on) AS moved_to, m.last_hold,
         (SELECT min(f.recorded_at) FROM decision f
          WHERE f.assignment_id = m.assignment_id AND f.action = 'confirm' AND f.id > coalesce(m.last_return, 0)
            AND f.recorded_at <= :known_at) AS first_confirmed_at,
         (SELECT max(f.recorded_at) FROM decision f
          WHERE f.assignment_id = m.assignment_id AND f.action = 'confirm' AND f.id > coalesce(m.last_return, 0)
            AND f.recorded_at <= :known_at) AS confirmed_at
  FROM marked m
  LEFT JOIN decision r ON r.id = m.last_return
  LEFT JOIN decision c ON c.id = m.last_cancel
  LEFT JOIN decision x ON x.id = m.last_move
),
decided AS MATERIALIZED (
  SELECT answered.*, CASE WHEN returned_at IS NOT NULL AND (first_confirmed_at IS NULL OR EXISTS (
    SELECT 1 FROM progress p JOIN batch b ON b.id = p.batch_id
    WHERE p.assignment_id = answered.assignment_id AND p.declared_done AND p.batch_id NOT IN (SELECT id FROM dead)
      AND b.recorded_at > returned_at AND b.recorded_at <= first_confirmed_at
      AND NOT EXISTS (
        SELECT 1 FROM progress n
        WHERE n.assignment_id = p.assignment_id AND NOT n.declared_done AND n.batch_id NOT IN (SELECT id FROM dead)
          AND (n.reported_on, n.id) > (p.reported_on, p.id))
  )) THEN returned_at END AS since
  FROM answered
),
newest AS (
  SELECT DISTINCT ON (assignment_id) assignment_id, nature, original_due_on, standing, counts_from
  FROM assignment_revision
  WHERE batch_id NOT IN (SELECT id FROM dead)
  ORDER BY assignment_id DESC, id DESC
),
word AS (
  SELECT DISTINCT ON (assignment_id) assignment_id, declared_done, evidence_number, evidence_on, evidence_matches
  FROM progress
  WHERE declared_done IS NOT NULL AND batch_id NOT IN (SELECT id FROM dead)
  ORDER BY assignment_id DESC, reported_on DESC, id DESC
),
facts AS (
  SELECT a.id, a.task_id, a.period, a.agency_code, r.nature, r.original_due_on, d.moved_to, d.cancelled_on, d.last_hold,
         coalesce(CASE
           WHEN NOT w.declared_done THEN DATE '9999-12-31'
           WHEN w.evidence_number IS NOT NULL AND w.evidence_on IS NOT NULL AND w.evidence_matches IS NOT FALSE
             AND d.since IS NULL THEN w.evidence_on
           ELSE (
             SELECT CASE
               WHEN p.evidence_number IS NOT NULL AND p.evidence_on IS NOT NULL AND p.evidence_matches IS NOT FALSE
                 THEN p.evidence_on
               WHEN EXISTS (
                 SELECT 1 FROM progress s JOIN batch sb ON sb.id = s.batch_id
                 WHERE s.assignment_id = p.assignment_id AND s.declared_done
                   AND s.batch_id NOT IN (SELECT id FROM dead)
                   AND (d.since IS NULL OR sb.recorded_at > d.since) AND sb.recorded_at <= d.confirmed_at
                   AND s.evidence_number IS NOT DISTINCT FROM p.evidence_number AND s.evidence_on IS NOT DISTINCT FROM p.evidence_on
                   AND NOT EXISTS (
                     SELECT 1 FROM progress n
                     WHERE n.assignment_id = s.assignment_id AND NOT n.declared_done
                       AND n.batch_id NOT IN (SELECT id FROM dead)
                       AND (n.reported_on, n.id) > (s.reported_on, s.id)))
                 THEN coalesce(p.evidence_on, p.declared_completed_on, (
                   SELECT min(s.reported_on) FROM progress s JOIN batch sb ON sb.id = s.batch_id
                   WHERE s.assignment_id = p.assignment_id AND s.declared_done
                     AND s.batch_id NOT IN (SELECT id FROM dead) AND (d.since IS NULL OR sb.recorded_at > d.since)
                     AND NOT EXISTS (
                       SELECT 1 FROM progress n
                       WHERE n.assignment_id = s.assignment_id AND NOT n.declared_done
                         AND n.batch_id NOT IN (SELECT id FROM dead)
                         AND (n.reported_on, n.id) > (s.reported_on, s.id))))
               END
             FROM progress p JOIN batch b ON b.id = p.batch_id
             WHERE p.assignment_id = a.id AND p.declared_done AND p.batch_id NOT IN (SELECT id FROM dead)
               AND (d.since IS NULL OR b.recorded_at > d.since)
               AND (d.confirmed_at IS NOT NULL OR p.evidence_number IS NOT NULL AND p.evidence_on IS NOT NULL
                    AND p.evidence_matches IS NOT FALSE)
               AND NOT EXISTS (
                 SELECT 1 FROM progress n
                 WHERE n.assignment_id = p.assignment_id AND NOT n.declared_done
                   AND n.batch_id NOT IN (SELECT id FROM dead) AND (n.reported_on, n.id) > (p.reported_on, p.id))
             ORDER BY p.evidence_number IS NULL OR p.evidence_on IS NULL OR p.evidence_matches IS FALSE,
                      coalesce(p.evidence_on, p.declared_completed_on) IS NULL, p.reported_on DESC, p.id DESC
             LIMIT 1)
           END, DATE '9999-12-31') AS completed_on
  FROM assignment a
  JOIN newest r ON r.assignment_id = a.id
  LEFT JOIN decided d ON d.assignment_id = a.id
  LEFT JOIN word w ON w.assignment_id = a.id
  WHERE r.standing AND r.counts_from <= :day /* of these assignments */
  OFFSET 0
),
dated AS (
  SELECT facts.*, CASE WHEN moved_to > original_due_on THEN moved_to ELSE original_due_on END AS due_on FROM facts
),
placed AS (
  SELECT f.*, coalesce(e.effective_on, f.due_on, DATE '9999-12-31') AS good_day,
         CASE WHEN f.due_on = f.original_due_on THEN coalesce(e.effective_on, f.due_on)
              ELSE coalesce(o.effective_on, f.original_due_on) END AS good_day_as_assigned
  FROM dated f
  LEFT JOIN effective_day e ON e.day = f.due_on
  LEFT JOIN effective_day o ON o.day = CASE WHEN f.due_on <> f.original_due_on THEN f.original_due_on END
),
judged AS (
  SELECT placed.*, CASE
    WHEN cancelled_on <= :day THEN 8
    WHEN completed_on <= :day AND completed_on <= good_day THEN 7
    WHEN completed_on <= :day THEN 6
    WHEN last_hold IS NOT NULL THEN 5
    WHEN nature = 'ongoing' THEN 4
    WHEN nature = 'undated' THEN 3
    WHEN good_day < :day THEN 0
    WHEN good_day <= :warning_until THEN 1
    ELSE 2 END AS status
  FROM placed
),
kinds AS (
  SELECT id, task_id, period, agency_code, status, good_day, completed_on,
    status * 100
    + CASE WHEN original_due_on IS NULL THEN 0 WHEN original_due_on <= DATE '2025-06-30' THEN 10
           WHEN original_due_on <= DATE '2025-08-31' THEN 20 WHEN original_due_on <= DATE '2025-12-31' THEN 30 ELSE 40 END
    + CASE WHEN original_due_on IS NULL OR original_due_on > DATE '2025-12-31' THEN 0
           WHEN good_day >= :day OR original_due_on > DATE '2025-08-31' OR original_due_on > DATE '2025-06-30' AND :day <= DATE '2025-08-31' THEN 6
           WHEN cancelled_on <= :day THEN 5
           WHEN completed_on > :day THEN 3
           WHEN completed_on <= good_day_as_assigned THEN 1
           WHEN completed_on <= good_day THEN 4
           ELSE 2 END AS kind
  FROM judged
),
gathered AS (
  SELECT k.*, coalesce(s.successor, k.agency_code) AS holder, row_number() OVER (
    PARTITION BY task_id, period, coalesce(s.successor, k.agency_code)
    ORDER BY status, CASE WHEN completed_on <= :day THEN DATE '9999-12-31' ELSE good_day END, completed_on DESC, id
  ) AS badness
  FROM kinds k LEFT JOIN successors s ON s.code = k.agency_code
)
