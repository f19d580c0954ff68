/** 256 short words, easily said and told apart. A place in the list is a byte: the order never changes. */
export const german = `
  abend acker adler ahorn album allee amsel ananas
  angel apfel arena atlas auster ballon bambus bauer
  becher beere berg besen bild birne blatt blume
  bogen bohne brief brot buche dach daumen delfin
  dorf eber eiche eimer eisen elch ente erbse
  erde esel eule faden falke farbe fasan feige
  feld figur flagge floh flöte fluss foto frosch
  fuchs gabel garten gemüse glocke gold gondel grille
  gurke gürtel hafen hagel hammer hase haus hecke
  heft heide helm hemd hering hof holz hotel
  hund imker indigo ingwer insel jacke jaguar jasmin
  juwel kaktus kamel kamin kanne katze keks kerze
  kiefer kiwi klee knopf koala komet könig korb
  krone kugel kupfer kürbis lachs lampe laub leder
  lied lilie linse löffel lotse löwe lupe mais
  maler mandel marder markt marmor melone milch mittag
  mohn möhre mond moos mücke mühle münze musik
  nadel nebel neffe nelke nest notiz nuss obst
  ofen olive onkel oper orange orgel otter ozean
  paddel palme panda papier park perle pfau pferd
  pilot pilz planet pokal prinz puppe quark quitte
  rabe radio rahmen raupe regal regen reh reis
  ritter robbe rose rubin ruder saal sahne salat
  salbei samt säule schal schnee schwan segel seil
  senf sessel socke sofa sommer sonne spatz specht
  spinat stadt stall stern strand stuhl tafel tal
  tango tapete tasche tasse teich tiger tinte tisch
  topf torte traube tulpe tunnel turm ufer uhr
  umhang urlaub vater ventil vogel vulkan waffel wagen
  wald wappen wasser welle weste wetter wiesel winter
  woche wolf wolke wunder yacht zange zaun zebra
  zeiger zelt ziegel zimt zirkus zobel zucker zweig
`
  .trim()
  .split(/\s+/);
