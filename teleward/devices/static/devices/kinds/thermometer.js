/** Body temperature; the twin of kinds/thermometer/decoding.py. */
import { Frame, measured, moment, refuse, short, value } from "./frame.js";

export const name = "thermometer";
export const service = "1809";
export const characteristics = ["2A1C"];
const SITES = ["", "armpit", "body", "ear", "finger", "gastrointestinal", "mouth", "rectum", "toe", "eardrum"];

/** @param {string} characteristic @param {DataView} view */
export function decode(characteristic, view) {
  const named = short(characteristic);
  if (named !== "2A1C" && named !== "2A1E") refuse("unknown-characteristic");
  const said = measurement(new Frame(view));
  return named === "2A1C" ? said : measured({ flags: ["measuring"] });
}

/** @param {Frame} frame */
function measurement(frame) {
  const flags = frame.u8();
  const temperature = value("8310-5", frame.float(), "Cel", flags & 1 ? "[degF]" : "Cel");
  const at = flags & 2 ? frame.date() : null;
  const site = flags & 4 ? SITES[frame.u8()] : "";
  return measured({ values: [temperature], measured_at: moment(at), flags: site ? [`site-${site}`] : [] });
}
