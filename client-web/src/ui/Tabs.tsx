export { Tab, TabList, TabPanel, Tabs, type TabsProps } from 'react-aria-components/Tabs';
