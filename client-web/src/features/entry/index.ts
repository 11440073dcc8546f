export { ArrivalPage } from './ArrivalPage';
export { AskLinkPage } from './AskLinkPage';
export { InvitationPage } from './InvitationPage';
export { LinkPage } from './LinkPage';
export { SetupPage } from './SetupPage';
export { SignInPage } from './SignInPage';
