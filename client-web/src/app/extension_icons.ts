// The drawings a plugin may choose from by name (`icon = "vote"` in its manifest). Loaded with the first of them.
import Bell from 'icon:bell';
import Book from 'icon:book-user';
import Briefcase from 'icon:briefcase';
import Building from 'icon:building';
import CalendarDays from 'icon:calendar-days';
import ChartColumn from 'icon:chart-column';
import ClipboardList from 'icon:clipboard-list';
import Coins from 'icon:coins';
import FileText from 'icon:file-text';
import Folder from 'icon:folder';
import Globe from 'icon:globe';
import GraduationCap from 'icon:graduation-cap';
import Handshake from 'icon:handshake';
import Heart from 'icon:heart';
import Image from 'icon:image';
import Landmark from 'icon:landmark';
import Leaf from 'icon:leaf';
import Link from 'icon:link';
import ListChecks from 'icon:list-checks';
import Mail from 'icon:mail';
import Map from 'icon:map';
import MapPin from 'icon:map-pin';
import Megaphone from 'icon:megaphone';
import MessagesSquare from 'icon:messages-square';
import Mountain from 'icon:mountain';
import Newspaper from 'icon:newspaper';
import Scale from 'icon:scale';
import Shield from 'icon:shield';
import Star from 'icon:star';
import Tag from 'icon:tag';
import TrainFront from 'icon:train-front';
import Tree from 'icon:tree-pine';
import Truck from 'icon:truck';
import UserRound from 'icon:user-round';
import Users from 'icon:users';
import Vote from 'icon:vote';
import Wallet from 'icon:wallet';
import Webhook from 'icon:webhook';
import Wrench from 'icon:wrench';
import type { IconType } from '@/ui';

export const extensionIcons: Record<string, IconType> = {
  'address-book': Book,
  bell: Bell,
  briefcase: Briefcase,
  building: Building,
  calendar: CalendarDays,
  chart: ChartColumn,
  clipboard: ClipboardList,
  coins: Coins,
  file: FileText,
  folder: Folder,
  globe: Globe,
  graduation: GraduationCap,
  handshake: Handshake,
  heart: Heart,
  image: Image,
  landmark: Landmark,
  leaf: Leaf,
  link: Link,
  list: ListChecks,
  mail: Mail,
  map: Map,
  'map-pin': MapPin,
  megaphone: Megaphone,
  messages: MessagesSquare,
  mountain: Mountain,
  newspaper: Newspaper,
  scale: Scale,
  shield: Shield,
  star: Star,
  tag: Tag,
  train: TrainFront,
  tree: Tree,
  truck: Truck,
  user: UserRound,
  users: Users,
  vote: Vote,
  wallet: Wallet,
  webhook: Webhook,
  wrench: Wrench,
};
