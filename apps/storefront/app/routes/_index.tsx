export default function Index() {
  return <main>Almanac</main>;
}
