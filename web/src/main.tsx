import './design/styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { installTheme } from './design/theme.js';
import { Root } from './root.js';

const place = document.getElementById('root');
if (place === null) throw new Error('The page has no place for the desk.');
installTheme();
createRoot(place).render(
  <StrictMode>
    <Root />
  </StrictMode>,
);
