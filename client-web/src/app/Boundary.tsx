import { Component, type ReactNode } from 'react';
import { t } from '@/i18n';
import { ErrorNotice } from '@/ui';

interface BoundaryProps {
  children: ReactNode;
  /** A change of it forgets the fault: the next screen gets its chance. */
  resetKey?: string;
}

/** Keeps a fault of one screen to that screen, with a way out. */
export class Boundary extends Component<BoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidUpdate(before: BoundaryProps) {
    if (this.state.failed && before.resetKey !== this.props.resetKey) this.setState({ failed: false });
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="page">
        <ErrorNotice title={t('app.fault')} onRetry={() => location.reload()}>
          {t('app.fault.way')}
        </ErrorNotice>
      </div>
    );
  }
}
