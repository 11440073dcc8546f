export * from './documents';
export { errorText, fieldError, formError, minutes_from_s } from './error_text';
export { ApiError, onReachability, onSignedOut, type RequestOptions } from './http';
export * from './people';
export { queries } from './queries';
export * from './references';
export * from './session';
export * from './types';
export * from './workspaces';
