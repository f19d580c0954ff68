// What stands on a device's own display, which reads otherwise than what it sends.

/** Amounts of substance are shown in thousandths.
 * @param {{value: string, unit: string}} original */
export function onDisplay({ value, unit }) {
  if (unit !== "mol/L") return { value, unit };
  const [whole = "", part = ""] = value.split(".");
  const digits = part.padEnd(3, "0");
  const moved = `${whole}${digits.slice(0, 3)}${digits.length > 3 ? "." : ""}${digits.slice(3)}`;
  return { value: moved.replace(/^0+(?=\d)/, ""), unit: "mmol/L" };
}
