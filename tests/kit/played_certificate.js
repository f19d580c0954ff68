export const loadCertificate = async () => /** @type {RTCCertificate} */ ({});
