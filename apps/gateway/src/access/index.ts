export { Access } from './access';
export { openDoorNotice } from './open-door-notice';
export { keyNameOf, mayAdminister, payFor } from './request-principal';
