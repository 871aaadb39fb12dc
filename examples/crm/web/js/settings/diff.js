// Lines that came and went between two texts: the longest common sequence.
// A config has hundreds of lines, so the square of that is nothing.
export function diffLines(before, after) {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; --i)
    for (let j = b.length - 1; j >= 0; --j) best[i][j] = a[i] === b[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
  const lines = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { lines.push({ kind: 'same', text: a[i] }); ++i; ++j; }
    else if (j < b.length && (i === a.length || best[i][j + 1] >= best[i + 1][j])) lines.push({ kind: 'ins', text: b[j++] });
    else lines.push({ kind: 'del', text: a[i++] });
  }
  return lines;
}

// Changes with two lines around them.
export function hunks(lines, around = 2) {
  return lines.filter((line, i) => lines.slice(Math.max(0, i - around), i + around + 1).some((other) => other.kind !== 'same'));
}
