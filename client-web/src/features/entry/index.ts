export { InvitationPage } from './InvitationPage';
export { SetupPage } from './SetupPage';
export { SignInPage } from './SignInPage';
