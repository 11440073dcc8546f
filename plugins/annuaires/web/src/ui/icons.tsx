import {
  ArrowLeft,
  Building2,
  Check,
  ChevronDown,
  ChevronRight,
  ChevronUp,
  CircleAlert,
  Clock,
  Copy,
  Download,
  Eye,
  EyeOff,
  FileUp,
  GitMerge,
  Globe,
  History,
  Info,
  Link2,
  List,
  Lock,
  Mail,
  Map,
  Minus,
  Network,
  PenLine,
  Phone,
  Plus,
  Printer,
  RotateCcw,
  Search,
  Settings,
  Trash2,
  TriangleAlert,
  User,
  Users,
  X,
} from 'lucide';

const drawings = {
  back: ArrowLeft,
  organisation: Building2,
  check: Check,
  down: ChevronDown,
  right: ChevronRight,
  up: ChevronUp,
  error: CircleAlert,
  clock: Clock,
  copy: Copy,
  download: Download,
  seen: Eye,
  unseen: EyeOff,
  import: FileUp,
  merge: GitMerge,
  globe: Globe,
  history: History,
  info: Info,
  link: Link2,
  list: List,
  lock: Lock,
  mail: Mail,
  map: Map,
  minus: Minus,
  chart: Network,
  edit: PenLine,
  phone: Phone,
  plus: Plus,
  print: Printer,
  undo: RotateCcw,
  search: Search,
  settings: Settings,
  remove: Trash2,
  warning: TriangleAlert,
  person: User,
  members: Users,
  close: X,
};
export type IconName = keyof typeof drawings;

/** Always beside a word, or in a button that has a label: a drawing says nothing alone. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg
      class={small ? 'an-icon small' : 'an-icon'}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {drawings[name].map(([tag, attributes], index) => {
        const Part = tag as 'path';
        return <Part key={index} {...(attributes as object)} />;
      })}
    </svg>
  );
}
