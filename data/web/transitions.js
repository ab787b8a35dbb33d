/*
 * States that change by a table: edges are {from, event, to}. An event that a
 * state does not declare is reported and refused, so that every state has one
 * writer and every change is on paper. Pure.
 */

/**
 * The state after `event`, or null where the table has no such edge.
 *
 * @param {{from: string, event: string, to: string}[]} edges
 * @param {string} from the present state; an edge from '*' fits every state
 * @param {string} event
 * @returns {?string}
 */
export function nextState(edges, from, event) {
  const edge = edges.find(
    (e) => (e.from === from || e.from === '*') && e.event === event,
  );
  return edge ? edge.to : null;
}
