import { writeAnew } from './pages.ts';

writeAnew();
