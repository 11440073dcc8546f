import type { ReactElement, ReactNode } from 'react';
import { Dialog as AriaDialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Popover as AriaPopover, type PopoverProps as AriaPopoverProps } from 'react-aria-components/Popover';
import X from 'icon:x';
import { useI18n } from '@/i18n';
import { IconButton } from './Button';
import { classes } from './classes';

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  wide?: boolean;
  /** For what cannot be taken back: a click outside does not close it. */
  alert?: boolean;
  children: ReactNode;
}

export function Dialog({ title, isOpen, onClose, wide, alert, children }: DialogProps) {
  const { t } = useI18n();
  return (
    <ModalOverlay
      className="scrim"
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!alert}
    >
      <Modal className={classes('dlg', wide && 'wide')}>
        <AriaDialog role={alert ? 'alertdialog' : 'dialog'}>
          <div className="dlg-h">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton icon={X} label={t('ui.close')} onPress={onClose} tooltip={false} />
          </div>
          <div className="dlg-b">{children}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The line of buttons at the end of a dialog: the way out first, the act last. */
export function DialogFoot({ children }: { children: ReactNode }) {
  return <div className="dlg-f">{children}</div>;
}

export interface PopoverProps extends Omit<AriaPopoverProps, 'children' | 'className' | 'trigger'> {
  trigger?: ReactElement;
  label: string;
  children: ReactNode;
}

export function Popover({ trigger, label, children, isOpen, onOpenChange, ...rest }: PopoverProps) {
  const state = {
    ...(isOpen === undefined ? {} : { isOpen }),
    ...(onOpenChange ? { onOpenChange } : {}),
  };
  const body = (
    <AriaPopover
      {...rest}
      {...(trigger ? {} : state)}
      className="pop body"
      // Within the main part of the page: what stands beside the dialog to close it belongs somewhere too.
      UNSTABLE_portalContainer={document.getElementById('main') ?? document.body}
    >
      <AriaDialog aria-label={label}>{children}</AriaDialog>
    </AriaPopover>
  );
  return trigger ? (
    <DialogTrigger {...state}>
      {trigger}
      {body}
    </DialogTrigger>
  ) : (
    body
  );
}
