/** Cards that a shelf shows. Of what is similar twice as many are read: those bought together with it stand above. */
export const shelfSize = 8;
