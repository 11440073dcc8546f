// SPDX-License-Identifier: Apache-2.0
//
// The session of a Cluse behind https, on http://127.0.0.1: not every browser keeps a `Secure` cookie there, and none one
// whose name begins with `__Host-` without it.
const prefix = '__Host-';

/** A `Set-Cookie` line of the server's, for the browser. */
export const forBrowser = (line) => (line.startsWith(prefix) ? line.slice(prefix.length).replace(/;\s*Secure\b/i, '') : line);

/** The `Cookie` header of the browser's, for the server. */
export const forServer = (header, isSecure) => (isSecure ? header.replace(/(^|;\s*)(cluse_)/g, `$1${prefix}$2`) : header);
