/** Whether a number is a prime. */
export function isPrime(x: number): boolean {
  if (!Number.isSafeInteger(x) || x < 2) return false;
  for (let divisor = 2; divisor * divisor <= x; divisor++) if (x % divisor === 0) return false;
  return true;
}

/** 1 / x modulo a prime, x not 0: x^(prime - 2), by Fermat's little theorem. */
export function inverse(x: number, prime: number): number {
  let power = 1;
  for (let k = 0; k < prime - 2; k++) power = (power * x) % prime;
  return power;
}
