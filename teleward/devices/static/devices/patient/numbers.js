// Bluetooth names its services and characteristics by 16-bit numbers that stand for whole UUIDs.

/** A 16-bit number as the whole UUID. @param {string} short such as "1810", or a UUID already */
export const uuid = (short) =>
  short.length > 8 ? short.toLowerCase() : `0000${short.toLowerCase()}-0000-1000-8000-00805f9b34fb`;

/** A UUID as the 16-bit number where it is one, in capitals as the kinds have it. @param {string} long */
export function short(long) {
  const [, found] = /^0000([0-9a-f]{4})-0000-1000-8000-00805f9b34fb$/.exec(long.toLowerCase()) ?? [];
  return found?.toUpperCase() ?? long.toLowerCase();
}
