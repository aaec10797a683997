// Figures as people read them. What is null nobody knows, and it is never shown as 0.

export const UNKNOWN = "unknown";

const THOUSANDS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export function count(value) {
  if (value === null || value === undefined) return UNKNOWN;
  return value < 1000 ? String(Math.round(value)) : THOUSANDS.format(value);
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return UNKNOWN;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  for (const [unit, smaller, size, part] of [["d", "h", 86400, 3600], ["h", "min", 3600, 60]]) {
    if (whole >= size) {
      const rest = Math.floor((whole % size) / part);
      return `${Math.floor(whole / size)} ${unit}` + (rest ? ` ${rest} ${smaller}` : "");
    }
  }
  return `${Math.floor(whole / 60)} min` + (whole % 60 ? ` ${whole % 60} s` : "");
}

export function dollars(value) {
  if (value === null || value === undefined) return UNKNOWN;
  return `$${value.toFixed(value >= 1 || value === 0 ? 2 : 4)}`;
}

export function clock(at, seconds = true) {
  if (at === null || at === undefined) return UNKNOWN;
  return new Date(at * 1000).toISOString().slice(11, seconds ? 19 : 16);
}

export function moment(at, now) {
  if (at === null || at === undefined) return UNKNOWN;
  const text = new Date(at * 1000).toISOString();
  const today = new Date(now * 1000).toISOString().slice(0, 10) === text.slice(0, 10);
  return (today ? "" : `${text.slice(0, 10)} `) + `${text.slice(11, 16)} UTC`;
}

export function several(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

const PROVIDERS = { FARGATE: "on demand", FARGATE_SPOT: "Spot", EC2: "EC2", unknown: "provider unknown" };

export function provider(name) {
  return PROVIDERS[name] ?? name;
}

export function tasks(row) {
  if (row.tasks === null) return [];
  const told = row.tasks.map((one) => `${one.count} ${one.state}, ${provider(one.provider)}`);
  return row.unseen ? [...told, `${row.unseen} not seen yet`] : told;
}
