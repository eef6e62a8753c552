// Keeps the first columns of a wide table in view: `data-frozen` says how many. The first one stays
// without script; no more than half of what is seen is ever taken.

for (const region of document.querySelectorAll("[data-frozen]")) {
  const wanted = Number(region.dataset.frozen);
  const rows = [...region.querySelectorAll("tr")];

  const freeze = () => {
    let left = 0;
    for (let place = 0; place < rows[0].children.length; place += 1) {
      const { width } = rows[0].children[place].getBoundingClientRect();
      const stays = place < wanted && left + width <= region.clientWidth / 2;
      for (const row of rows) {
        row.children[place].classList.toggle("is-frozen", stays);
        row.children[place].style.left = stays ? `${left}px` : "";
      }
      left = stays ? left + width : Infinity;
    }
  };

  freeze();
  window.addEventListener("resize", freeze);
}
