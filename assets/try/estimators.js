/* Three estimators, small: the library's numbers to a millionth (a test walks a grid). */
const hubEstimators = (() => {
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const mean = values => values.reduce((sum, one) => sum + one, 0) / values.length;
const average = rows => rows[0].map((_, t) => mean(rows.map(row => row[t])));

// Solve a small system by elimination.
const solve = (matrix, goal) => {
  const rows = matrix.map((row, i) => [...row, goal[i]]), n = rows.length;
  for (let i = 0; i < n; i++) {
    let best = i;
    for (let k = i + 1; k < n; k++) if (Math.abs(rows[k][i]) > Math.abs(rows[best][i])) best = k;
    [rows[i], rows[best]] = [rows[best], rows[i]];
    for (let k = i + 1; k < n; k++) {
      const share = rows[k][i] / rows[i][i];
      if (share) for (let j = i; j <= n; j++) rows[k][j] -= share * rows[i][j];
    }
  }
  const found = Array(n).fill(0);
  for (let i = n - 1; i >= 0; i--) found[i] = (rows[i][n] - rows[i].reduce((sum, value, j) => j > i && j < n ? sum + value * found[j] : sum, 0)) / rows[i][i];
  return found;
};

/* Weights, none below zero, adding up to one, for which the columns come nearest to the
   target: the shortest vector in the hull of columns less target, by an active set. Of
   several that fit alike the one of least norm is the limit of small ridges, to which two
   of them lead. */
const simplexWeights = (columns, target, ridge = 0) => {
  if (ridge) return withRidge(columns, target, size => ridge ** 2 / size);
  const [one, two] = [SMALL, 2 * SMALL].map(small => withRidge(columns, target, () => small));
  return one.map((weight, i) => 2 * weight - two[i]);
};
const SMALL = 1e-8;
const withRidge = (columns, target, small) => {
  const gaps = columns.map(column => column.map((value, t) => value - target[t])), n = gaps.length;
  const size = mean(gaps.map(gap => dot(gap, gap))) || 1;
  const H = gaps.map((a, i) => gaps.map((b, j) => dot(a, b) / size + (i === j ? small(size) : 0)));
  let used = [H.reduce((best, row, i) => row[i] < H[best][best] ? i : best, 0)];
  let weights = Array(n).fill(0);
  weights[used[0]] = 1;
  for (let round = 0; round < 30 * n; round++) {
    const slope = H.map(row => dot(row, weights)), level = dot(weights, slope);
    let next = -1;
    for (let i = 0; i < n; i++) if (!used.includes(i) && slope[i] - level < -1e-14 && (next < 0 || slope[i] < slope[next])) next = i;
    if (next < 0) break;
    used.push(next);
    for (;;) {
      const raw = solve(used.map(i => used.map(j => H[i][j] + 1)), used.map(() => 1)), sum = raw.reduce((a, b) => a + b, 0);
      const wanted = raw.map(one => one / sum);
      if (wanted.every(one => one > 0)) { weights = Array(n).fill(0); used.forEach((i, k) => { weights[i] = wanted[k]; }); break; }
      const share = Math.min(...used.map((i, k) => wanted[k] <= 0 ? weights[i] / (weights[i] - wanted[k]) : 1));
      used.forEach((i, k) => { weights[i] += share * (wanted[k] - weights[i]); });
      used = used.filter(i => weights[i] > 1e-15);
    }
  }
  return weights;
};

const mixOf = (donors, weights) => donors[0].map((_, t) => donors.reduce((sum, donor, i) => sum + weights[i] * donor[t], 0));
const centred = values => { const middle = mean(values); return values.map(one => one - middle); };
// What was seen less the mix, measured from weighted years before.
const pathOf = (target, mix, times) => {
  const gap = target.map((value, t) => value - mix[t]), level = dot(times, gap);
  return gap.map(one => one - level);
};

const did = (treated, donors, start) => {
  const target = average(treated), weights = donors.map(() => 1 / donors.length);
  return { target, weights, path: pathOf(target, average(donors), Array(start).fill(1 / start)) };
};
const syntheticControl = (treated, donors, start) => {
  const before = donors.map(donor => donor.slice(0, start));
  const each = treated.map(one => simplexWeights(before, one.slice(0, start)));
  const weights = average(each), target = average(treated);
  return { target, weights, path: pathOf(target, mixOf(donors, weights), Array(start).fill(0)) };
};
const syntheticDid = (treated, donors, start) => {
  const target = average(treated), before = donors.map(donor => donor.slice(0, start)), after = donors.map(donor => mean(donor.slice(start)));
  const steps = before.flatMap(row => row.slice(1).map((value, t) => value - row[t])), middle = mean(steps);
  const noise = Math.sqrt(steps.reduce((sum, step) => sum + (step - middle) ** 2, 0) / (steps.length - 1));
  const ridge = (treated.length * (target.length - start)) ** 0.25 * noise * Math.sqrt(start);
  const weights = simplexWeights(before.map(centred), centred(target.slice(0, start)), ridge);
  const years = Array.from({ length: start }, (_, t) => centred(before.map(row => row[t])));
  const times = simplexWeights(years, centred(after));
  return { target, weights, times, path: pathOf(target, mixOf(donors, weights), times) };
};
const KNOWN = { did, synthetic_control: syntheticControl, synthetic_did: syntheticDid };

/* `att` is the mean of the path from `start`, a place among the periods, on. */
const estimate = (name, treated, donors, start) => {
  const found = KNOWN[name](treated, donors, start);
  return { ...found, att: mean(found.path.slice(start)) };
};
return { estimate };
})();
