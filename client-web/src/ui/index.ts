export { Avatar, AvatarStack, hueOf, type AvatarPerson } from './Avatars';
export {
  Button,
  IconButton,
  ToggleButton,
  buttonClass,
  type ButtonProps,
  type IconButtonProps,
} from './Button';
export { Checkbox, SearchField, Switch, TextField, type TextFieldProps } from './Fields';
export { Dialog, DialogFoot, Popover, type DialogProps } from './Dialog';
export { Kbd } from './Kbd';
export {
  Breadcrumbs,
  Card,
  PageHead,
  Table,
  TabLinks,
  type Crumb,
  type TableColumn,
  type TabLink,
} from './Layout';
export { ButtonLink, Link } from './Link';
export { Mark } from './Mark';
export { Menu, MenuItem, MenuSection, MenuSeparator } from './Menu';
export { EmptyState, ErrorNotice, Notice, Progress, Skeleton, type NoticeTone } from './Notices';
export { ComboBox, Option, Select } from './Select';
export { CountryTag, LanguageTag, Tag, type Country, type TagTone } from './Tags';
export { toast, Toasts, undo_ms, type ToastMessage } from './Toast';
export { Tooltip } from './Tooltip';
export { TwoSidedBar } from './TwoSided';
export { VisuallyHidden } from './VisuallyHidden';
export { classes } from './classes';
export { useWide } from './use_wide';
export type { IconProps, IconType } from './drawing';
export { Tab, TabList, TabPanel, Tabs } from './Tabs';
// The tree is heavy (it can be dragged): import it from '@/ui/Tree'.
