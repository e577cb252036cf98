export { Access } from './access';
export { keyNameOf, mayAdminister, payFor } from './request-principal';
