/** Islands that only a ship or a small plane reaches. */
const REMOTE = ['18565', '25849', '25859', '25946', '26474', '27498'];

/** The zone by which a shipment is priced: 1 to 5 by distance, 6 for islands. */
export function zoneOf(postcode: string): number {
  if (REMOTE.includes(postcode)) return 6;
  return Math.floor(Number(postcode.slice(0, 1)) / 2) + 1;
}
